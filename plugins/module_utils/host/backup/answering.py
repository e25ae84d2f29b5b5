"""The verbs of the package, as the command line gives them."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any, Dict, List, Tuple

from .. import input_json, names
from ..errors import HostError, InterruptedActError, LockedError, UsageError
from . import alerting, points, verbs
from .settings import Place
from .streams import Streams
from .work import adopt

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
            found = verbs.ANSWERS[call.verb](call)
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


def _configure(call: Call) -> Answer:
    environment = names.checked("environment", call.options.environment)
    place = Place(call.state, environment)
    found = place.configure(input_json.read(), Streams())
    adopted: List[str] = []
    for component in call.state.components(environment) if found["changed"] else ():
        call.options.component = component
        adopted += adopt(verbs.work_of(call))
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
