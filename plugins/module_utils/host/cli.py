"""The command line of the host program: readable for a person, JSON lines for the toolkit."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pwd
import secrets
import signal
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, NoReturn, Optional, Sequence, Tuple

from . import (
    deploy,
    edge_image,
    engine_socket,
    errors,
    files,
    fleet,
    foresight,
    health,
    incoming,
    input_json,
    keep,
    look,
    names,
    packages,
    probe,
    status,
    times,
    unpacked,
    warm,
)
from .backup import half_way
from .context import Context
from .engine import Engine
from .errors import HostError, InterruptedActError, LockedError, UsageError
from .lock import Lock
from .processes import Processes
from .rehearsal import mark
from .state import DEFAULT, State

_LOOKING = ("unpack", "edge", "status", "record", "probe", "keep", "kept", "plan", "errors", "look")
VERBS = (*deploy.STEPS, "abort", "rollback", *_LOOKING, *fleet.VERBS, *packages.verbs())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; type tta-ops --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tta-ops", description="Deploys the components of a Docker Compose system on this host, and returns."
    )
    parser.add_argument("verbs", metavar="VERB[,VERB]", help=", ".join(VERBS))
    parser.add_argument("component", metavar="COMPONENT", nargs="?", help="one component; status shows all without it")
    parser.add_argument(
        "--environment", metavar="NAME", help="staging or production; may be left out when only one has the component"
    )
    parser.add_argument(
        "--release", metavar="N", type=int, help="the kept release that rollback returns to; default: the previous one"
    )
    parser.add_argument(
        "--mode", choices=("quick", "full"), default="quick", help="with rollback: full returns the data, too (--point)"
    )
    parser.add_argument(
        "--undo", action="store_true", help="with rollback: take back what --run deployed, a first release too"
    )
    parser.add_argument("--fence", metavar="N", type=int, help="the number of the lease under which a fleet is changed")
    parser.add_argument(
        "--when-due", action="store_true", help="with drain: wait until the time of what is kept warm is over"
    )
    parser.add_argument("--reason", metavar="TEXT", default="", help="why; goes into lock and ledger")
    parser.add_argument("--actor", metavar="WHO", help="who acts; default: the user who is logged in")
    parser.add_argument("--run", metavar="ID", help="the run this belongs to")
    parser.add_argument(
        "--state", metavar="DIR", type=Path, default=DEFAULT, help=f"the state folder; default: {DEFAULT}"
    )
    parser.add_argument("--root", metavar="SHA256", help="with keep: the root hash of the evidence on stdin")
    parser.add_argument("--expect", metavar="SHA256", help="do nothing unless this program has this hash")
    parser.add_argument(
        "--for", dest="duration", metavar="SECONDS", type=float, default=0.0, help="with look: for how long"
    )
    parser.add_argument("--disk", action="store_true", help="with status --json: the room on the disk, too")
    parser.add_argument("--json", action="store_true", help="JSON lines, also on a terminal")
    packages.arguments(parser)
    return parser


class Voice:
    """Says what goes on: JSON lines, or text. A reader that has gone away (a cut connection) stops nothing."""

    def __init__(self, as_json: bool) -> None:
        """Speak JSON lines, or to a person."""
        self.as_json = as_json

    def tell(self, step: str, text: str) -> None:
        """Say that ``step`` goes on."""
        self._say(
            json.dumps({"progress": {"step": step, "text": text, "at": times.now()}})
            if self.as_json
            else f"{step:8} {text}"
        )

    def result(self, result: Dict[str, Any], text: str) -> None:
        """Say how it ended."""
        self._say(json.dumps({"result": result}) if self.as_json else text)

    def _say(self, line: str) -> None:
        try:
            print(line, flush=True)
        except OSError:
            # The connection is cut: the act goes on, nobody listens any more.
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run the program; return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    voice = Voice("--json" in arguments or not sys.stdout.isatty())
    try:
        options = _parser().parse_args(arguments)
        if options.expect and options.expect != own_digest():
            return errors.OUTDATED
        result, text = _run(options, voice)
    except HostError as error:
        result = {"failed": True, "changed": False, "outcome": "failed", "message": str(error)}
        if isinstance(error, LockedError):
            result.update(outcome="locked", holder=error.holder)
        voice.result(result, f"FAILED   {error}")
        return error.code
    voice.result(result, text)
    return errors.FAILED if result.get("failed") else errors.OK


def own_digest() -> str:
    """Return the SHA-256 of the program file."""
    return hashlib.sha256(Path(sys.argv[0]).read_bytes()).hexdigest()


def _run(options: argparse.Namespace, voice: Voice) -> Tuple[Dict[str, Any], str]:
    verbs = options.verbs.split(",")
    unknown = [verb for verb in verbs if verb not in VERBS]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no verb: known are {', '.join(VERBS)}")
    if options.component is not None:
        names.checked("component", options.component)
    if options.environment is not None:
        names.checked("environment", options.environment)
    state, processes = State(options.state), Processes()
    if verbs == ["status"]:
        found = status.status(state, _engine(processes), options.environment, options.component)
        if options.disk or not voice.as_json:
            found["disk"] = status.disk_of(state, _engine(processes))
        return found, status.readable(found)
    if verbs == ["unpack"]:
        found = unpacked.unpack(Path(sys.argv[0]), unpacked.own_place())
        return found, found["message"]
    if verbs == ["edge"]:
        tell = lambda text: voice.tell("edge", text)  # noqa: E731
        found = edge_image.beforehand(_engine(processes), state.root, input_json.read(), tell)
        return found, found["message"]
    if verbs == ["probe"]:
        sample = _probe(_engine(processes))
        return sample, json.dumps(sample)
    if verbs == ["record"]:
        entry = _record(state)
        return entry, f"{entry['entry']['event']} recorded" if entry["changed"] else "recorded before"
    if verbs in (["keep"], ["kept"]):
        found = _evidence(options, verbs[0], state)
        return found, found["message"]
    if verbs in (["plan"], ["errors"], ["look"]):
        found = _foresee(options, verbs[0], state, processes, voice)
        return found, found["message"]
    if len(verbs) == 1 and verbs[0] in fleet.VERBS:
        return fleet.answer(verbs[0], state, _engine(processes), input_json.read(), voice.tell)
    package = packages.of(verbs[0]) if len(verbs) == 1 else None
    if package:
        call = packages.Call(verbs[0], options, state, processes, voice.tell, lambda: _facts(options, state))
        answer: Tuple[Dict[str, Any], str] = package.answer(call)
        return answer
    result = _act(options, verbs, state, processes, voice)
    return result, _told(result)


def _told(result: Dict[str, Any]) -> str:
    """Return the sentence for a person: what came of the act, and who serves since when."""
    if result.get("failed") or not (result.get("changed") and result.get("current")):
        return str(result["message"])
    since = (result.get("colours") or {}).get("since") or result["at"]
    return f"{result['message']}\n         {result['current']} serves since {since}"


def _engine(processes: Processes) -> Engine:
    return Engine(processes, engine_socket.usual(os.environ))


def _act(
    options: argparse.Namespace, verbs: List[str], state: State, processes: Processes, voice: Voice
) -> Dict[str, Any]:
    work: Callable[[Context], Dict[str, Any]]
    if verbs == ["rollback"]:
        facts = _facts(options, state)
        full = deploy.Full(options.point, options.accept_loss) if options.mode == "full" else None
        work = (
            (lambda context: deploy.undo(context, options.release))
            if options.undo
            else (lambda context: deploy.rollback(context, options.release, full))
        )
    elif verbs == ["abort"]:
        facts, work = _facts(options, state), deploy.abort
    elif verbs == ["drain"]:
        if options.component is None:
            return _cool_all(options, state, processes, voice)
        facts = _facts(options, state)
        if options.when_due:
            folder = state.store(facts["environment"], facts["component"]).folder
            return warm.when_due(folder, lambda: _locked(state, facts, processes, voice, warm.cool))
        work = warm.cool
    elif verbs in (["switch"], ["switch", "drain"]):
        facts, work = _facts(options, state), deploy.switch
    elif verbs in (["prepare"], ["prepare", "verify"], list(deploy.STEPS)):
        bundle = incoming.read(sys.stdin.buffer)
        facts = {key: bundle.spec[key] for key in ("component", "environment", "run", "actor")}
        facts["reason"] = bundle.spec.get("reason") or ""
        work = lambda context: deploy.deploy(context, bundle, verbs)  # noqa: E731
    else:
        raise UsageError(
            f"{','.join(verbs)} is no act: use prepare,verify,switch,drain or prepare,verify and later switch,drain"
        )
    if options.rehearsal:
        facts["rehearsal"] = options.rehearsal
    if options.fence:
        facts["fence"] = str(options.fence)
    return _locked(state, facts, processes, voice, work)


def _cool_all(options: argparse.Namespace, state: State, processes: Processes, voice: Voice) -> Dict[str, Any]:
    """Stop everything whose time is over, for whoever comes by regularly."""
    found = []
    for options.environment, options.component in warm.overdue(state):
        found.append(_locked(state, _facts(options, state), processes, voice, warm.cool))
    said = "; ".join(one["message"] for one in found) or "nothing is kept warm beyond its time"
    changed = any(one["changed"] for one in found)
    return {"outcome": "stopped" if changed else "unchanged", "changed": changed, "failed": False, "message": said}


def _context(state: State, facts: Dict[str, str], processes: Processes, voice: Voice) -> Context:
    return Context(
        state=state,
        engine=_engine(processes),
        environment=facts["environment"],
        component=facts["component"],
        run=facts["run"],
        actor=facts["actor"],
        reason=facts["reason"],
        tell=voice.tell,
    )


def _foresee(
    options: argparse.Namespace, verb: str, state: State, processes: Processes, voice: Voice
) -> Dict[str, Any]:
    context = _context(state, _facts(options, state), processes, voice)
    if verb == "look":
        return look.on(context, options.duration)
    return foresight.plan(context, sys.stdin.buffer) if verb == "plan" else foresight.errors(context)


def _locked(
    state: State, facts: Dict[str, str], processes: Processes, voice: Voice, work: Callable[[Context], Dict[str, Any]]
) -> Dict[str, Any]:
    context = _context(state, facts, processes, voice)
    files.make_folder(context.store.folder)
    if "rehearsal" in facts:
        found = mark.of_run(context.store.folder, facts.pop("rehearsal"))
        context.rehearsal = {"run": found["run"], "until": found["until"]}
    _heed_signals(context)
    brief = {"brief": True} if work is warm.cool else {}
    with Lock(context.store.lock_path, dict(facts, since=times.now(), **brief)) as lock:
        context.lock = lock
        processes.inherited = (lock.handle,)
        try:
            with fleet.admitted(context, facts, always=bool(brief)):
                if not brief:
                    half_way.refuse(context.store.folder, context.environment)
                return work(context)
        except HostError as error:
            if not {"start", "switch"} & set(context.marks):
                raise
            again = f"the same command again, or tta-ops abort {context.component}, brings the act to its end"
            return {"failed": True, "changed": True, "outcome": "unfinished", "message": f"{error}; {again}"}


def _heed_signals(context: Context) -> None:
    """A cut connection ends nothing. Ctrl-C ends an act only before it has touched what runs."""

    def stop(*_: object) -> None:
        if "switch" in context.marks:
            context.tell("switch", "too late to stop: the act ends by itself, at the new release or the old one")
        else:
            raise InterruptedActError(f"stopped; {context.serving()}")

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _facts(options: argparse.Namespace, state: State) -> Dict[str, str]:
    """Return who acts on what, for an act that comes without a bundle."""
    if options.component is None:
        raise UsageError(f"{options.verbs} needs a component: tta-ops {options.verbs} COMPONENT")
    actor = options.actor or os.environ.get("SUDO_USER") or pwd.getpwuid(os.getuid()).pw_name
    run = names.checked_run(options.run or f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(2)}")
    where = options.environment or _environment_of(state, options.component)
    return {"component": options.component, "environment": where, "run": run, "actor": actor, "reason": options.reason}


def _environment_of(state: State, component: str) -> str:
    having = [name for name in state.environments() if component in state.components(name)]
    if len(having) == 1:
        return having[0]
    known = sorted({one for name in state.environments() for one in state.components(name)})
    if having:
        raise UsageError(f"{component} is in {' and '.join(having)}: say which with --environment")
    raise UsageError(f"{component} was never deployed on this host: known are {', '.join(known) or 'none'}")


def _evidence(options: argparse.Namespace, verb: str, state: State) -> Dict[str, Any]:
    base = state.root / names.checked("environment", options.environment)
    if verb == "keep":
        return keep.keep(base / "evidence", options.run, options.root, sys.stdin.buffer)
    return keep.kept(base, options.run)


def _record(state: State) -> Dict[str, Any]:
    facts = input_json.read()
    environment = names.checked("environment", facts.pop("environment", None))
    event = str(facts.pop("event", ""))
    if facts.get("component") is not None:
        names.checked("component", facts["component"])
    entry, new = state.ledger(environment).append(event, **facts)
    return {
        "changed": new,
        "failed": False,
        "entry": entry,
        "message": f"{event} {'recorded' if new else 'was recorded before'}",
    }


def _probe(engine: Engine) -> Dict[str, Any]:
    request = input_json.read()
    try:
        if request.get("container"):
            return health.sample_of(engine.containers(f"id={request['container']}"))
        return probe.sample(request)
    except ValueError as error:
        raise UsageError(str(error)) from error
