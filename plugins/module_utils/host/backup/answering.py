"""The verbs of the package, as the command line gives them."""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Tuple

from .. import fleet, lock, names, times
from ..context import Context
from ..engine import Engine
from ..errors import HostError, InterruptedActError, LockedError, UsageError
from . import alerting, half_way, points, restoring, shown, taking, tending
from .settings import Place
from .streams import Streams
from .work import Work, adopt, alone

if TYPE_CHECKING:
    from ..packages import Call

_ALERTING = ("backup", "verify-backups", "check-repository")
Answer = Tuple[Dict[str, Any], str]


def answer(call: Call) -> Answer:
    """Do what was asked; without a component the verb is about all that have something to do with it."""
    _heed_signals()
    if call.verb == "configure-backups":
        return _configure(call)
    if call.verb not in _ALERTING:
        return _each(call)
    place = _place(call)
    try:
        result, text = _check(call) if call.verb == "check-repository" else _each(call)
    except (LockedError, UsageError):
        raise
    except HostError as error:
        alerting.alert(place, call.verb, str(error), call.tell)
        raise
    if result["failed"]:
        alerting.alert(place, call.verb, text, call.tell)
    return result, text


def _each(call: Call) -> Answer:
    result: Dict[str, Any] = {"failed": False, "changed": False, "components": {}, "problems": []}
    for component in _components(call):
        call.options.component = component
        try:
            found = _ANSWERS[call.verb](call)
        except HostError as error:
            if len(_components_asked(call)) == 1:
                raise
            found = {"changed": True, "problem": f"{component}: {error}", "message": f"{component}: {error}"}
        result["components"][component] = found
        result["changed"] = result["changed"] or bool(found.get("changed"))
        result["problems"] += [found["problem"]] if found.get("problem") else []
    call.options.component = None
    return _joined(result)


def _joined(result: Dict[str, Any]) -> Answer:
    told = [one["message"] for one in result["components"].values()]
    result["failed"] = bool(result["problems"]) or any(one.get("failed") for one in result["components"].values())
    result["message"] = "\n".join(told) or "no component has anything to back up"
    return result, result["message"]


def _components(call: Call) -> List[str]:
    if call.options.component:
        call.options.asked = [call.options.component]
        return list(call.options.asked)
    if call.verb == "restore":
        raise UsageError("restore needs a component: tta-ops restore COMPONENT")
    place = _place(call)
    deployed = call.state.components(place.environment)
    known = [name for name in deployed if call.state.store(place.environment, name).current()]
    if call.verb != "backup":
        known = [name for name in deployed if points.every(place, name)]
    call.options.asked = known
    return known


def _components_asked(call: Call) -> List[str]:
    return list(call.options.asked)


def _place(call: Call) -> Place:
    known = call.state.environments()
    if call.options.component:
        return Place(call.state, call.who()["environment"])
    if call.options.environment is None and len(known) != 1:
        raise UsageError(f"say which environment with --environment: known are {', '.join(known) or 'none'}")
    return Place(call.state, call.options.environment or known[0])


def _work(call: Call) -> Work:
    who = call.who()
    context = Context(
        state=call.state,
        engine=Engine(call.processes),
        environment=who["environment"],
        component=who["component"],
        run=who["run"],
        actor=who["actor"],
        reason=who["reason"],
        tell=call.tell,
    )
    return Work(context, Streams())


def _backup(call: Call) -> Dict[str, Any]:
    work = _work(call)
    half_way.refuse(work.context.store.folder, work.context.environment)
    with alone(work):
        point = taking.take(work, verify=call.options.verify == "full")
    what = "verified" if point["verified_at"] else "not verified yet"
    size, seconds = point["bytes"] / 1e6, sum(point["seconds"].values())
    message = f"{work.context.component}: restore point {point['id']}, {size:.1f} MB in {seconds:.1f} s, {what}"
    return {"changed": True, "point": point, "message": message}


def _restore(call: Call) -> Dict[str, Any]:
    work = _work(call)
    context = work.context
    who = {key: getattr(context, key) for key in ("component", "environment", "run", "actor", "reason")}
    facts: Dict[str, str] = {**who, **({"fence": str(call.options.fence)} if call.options.fence else {})}
    with lock.Lock(context.store.lock_path, dict(who, since=times.now())) as held:
        context.lock = held
        call.processes.inherited = work.streams.inherited = (held.handle,)
        with fleet.admitted(context, facts), alone(work):
            verify = call.options.verify == "full"
            return restoring.restore(work, call.options.point, call.options.accept_loss, verify=verify)


def _points(call: Call) -> Dict[str, Any]:
    who = call.who()
    place = Place(call.state, who["environment"])
    known = points.every(place, who["component"])
    keys = ("id", "at", "release", "kind")
    lines = [
        "  ".join([*(str(one[key]) for key in keys), f"{one['bytes'] / 1e6:.1f} MB", _standing(one)]) for one in known
    ]
    alert = None
    if place.configured():
        alert = shown.alert(known, place.settings().alert_after, who["component"], time.time())
    return {"points": known, "alert": alert, "message": "\n".join([f"{who['component']}:", *lines])}


def _standing(one: Dict[str, Any]) -> str:
    return f"verified {one['verified_at']}" if one["verified_at"] else one.get("problem") or "not verified yet"


def _forget(call: Call) -> Dict[str, Any]:
    work = _work(call)
    with alone(work):
        found = tending.forget(work)
    text = f"{work.context.component}: {len(found['gone'])} restore points forgotten, {len(found['kept'])} kept"
    return {**found, "changed": bool(found["gone"]), "message": text}


def _verify(call: Call) -> Dict[str, Any]:
    work = _work(call)
    with alone(work):
        found = tending.verify(work, call.options.point)
    known = points.every(work.place, work.context.component)
    alert = shown.alert(known, work.place.settings().alert_after, work.context.component, time.time())
    said = ", ".join(f"{one['id']} in {one['seconds']['verify']:g} s" for one in found) or "nothing to verify"
    return {"changed": bool(found), "points": found, "problem": alert, "message": alert or f"verified {said}"}


def _configure(call: Call) -> Answer:
    environment = names.checked("environment", call.options.environment)
    try:
        request = json.load(sys.stdin)
    except ValueError as error:
        raise UsageError(f"what came on stdin is not JSON ({error})") from error
    place = Place(call.state, environment)
    found = place.configure(request, Streams())
    adopted: List[str] = []
    for component in call.state.components(environment) if found["changed"] else ():
        call.options.component = component
        adopted += adopt(_work(call))
    call.options.component = None
    text = f"backups of {environment} go to {found['repository']}"
    text += f"; {len(adopted)} restore points were found there" if adopted else ""
    return {"failed": False, **found, "changed": found["changed"] or bool(adopted), "message": text}, text


def _check(call: Call) -> Answer:
    place = _place(call)
    subset = call.options.subset or f"{int(time.time() // 86400) % 20 + 1}/20"
    restic = place.restic(Streams())
    restic.unlock()
    begun = time.monotonic()
    restic.check(subset)
    seconds = time.monotonic() - begun
    text = f"the repository {restic.repository} is whole, {subset} of its data was read in {seconds:.1f} s"
    return {"failed": False, "changed": False, "subset": subset, "message": text}, text


def _heed_signals() -> None:
    """A cut connection ends nothing; SIGTERM ends an act at a place where it can clean up."""

    def stop(*_: object) -> None:
        raise InterruptedActError("stopped; what was half-way is cleaned up, the same command again begins anew")

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


_ANSWERS: Dict[str, Callable[[Any], Dict[str, Any]]] = {
    "backup": _backup,
    "restore": _restore,
    "points": _points,
    "forget": _forget,
    "verify-backups": _verify,
}
