"""One tick of a watch: a look, what it comes to, and what is done about it: the release taken back, somebody told."""

from __future__ import annotations

import secrets
import time
from typing import Any, Dict

from .. import colours, deploy, fleet, lock, times
from ..context import Context
from ..errors import HostError, LockedError
from ..processes import Processes
from ..state import State
from . import looking, record, rules, telling
from .record import Watch
from .starting import context_of

WHO = "tta-ops watch"
_SENTENCES = {
    "returned": "it serves again after a rollback, so it was left as it is: somebody has to decide",
    "no way back": "no release served before it, so it was left as it is: deploy another commit",
    "fleet": "it is one of several hosts, which return together: ansible-playbook rollback.yml brings them back",
    "data": "its data has another schema than the release before: only a full rollback can bring that back",
}


def tick(state: State, processes: Processes, known: Watch) -> None:
    """Look once at what is watched, and act when a trigger fires. An act under way on it is left alone."""
    context = context_of(state, processes, {**known, "actor": WHO, "run": _run()})
    if lock.is_held(context.store.lock_path):
        return
    watch = record.read(state, known["environment"], known["component"])
    if watch is None:
        return
    if watch["state"] == record.ON:
        watch = _looked(context, watch)
        record.keep(state, watch)
    if watch["untold"]:
        record.keep(state, {**watch, "untold": telling.send(watch["webhook"], watch["untold"])})


def _looked(context: Context, watch: Watch) -> Watch:
    if watch["fired"]:
        return _bad(context, watch)  # what was begun and cut off is brought to its end
    current = context.store.current()
    if current is None or current.number != watch["release"]:
        serves = f"{current.number} serves" if current else "nothing serves"
        return {**watch, "state": "replaced", "outcome": f"{serves} since another act"}
    watch = rules.seen(watch, looking.look(context, current, watch["cursor"]))
    fired = rules.fires(watch)
    if fired:
        watch = {**watch, "fired": {**fired, "run": context.run}}
        # written before it is done; who ended the watch in this moment has the last word
        return _bad(context, watch) if record.keep(context.state, watch) else watch
    if colours.seconds_between(watch["cursor"], watch["until"]) <= 0:
        said = f"{watch['component']} {watch['release']} was watched until {watch['until']}, and nothing fired"
        return _told({**watch, "state": "passed", "outcome": said}, context, "watch_passed", said, {})
    return watch


def _bad(context: Context, watch: Watch) -> Watch:
    fired = watch["fired"]
    context.run, context.reason = fired["run"], f"{fired['trigger']}: {fired['why']}"
    obstacle = _obstacle(context, watch)
    result: Dict[str, Any] = {}
    if obstacle:
        outcome = _SENTENCES[obstacle]
    else:
        try:
            result = _take_back(context, watch)
        except LockedError:
            return {**watch, "fired": None}  # an operator was quicker; the next look sees what came of it
        except HostError as error:
            result = {"failed": True, "message": str(error)}
        outcome = str(result["message"])
    current = context.store.current()
    taken = current is not None and current.number != watch["release"] and not result.get("failed")
    _incident(context, watch, outcome, result, taken)
    event = "auto_rollback" if taken else "watch_failed"
    return _told({**watch, "state": "bad", "outcome": outcome}, context, event, f"{context.reason}; {outcome}", result)


def _obstacle(context: Context, watch: Watch) -> str:
    if watch.get("tells_only"):
        return "returned"
    if not watch["alone"]:
        return "fleet"
    back = context.store.served_before(watch["release"])
    if back is None:
        return "no way back"
    schemas = [context.store.release(number).facts.get("data_schema") for number in (back, watch["release"])]
    return "data" if schemas[0] != schemas[1] else ""


def _take_back(context: Context, watch: Watch) -> Dict[str, Any]:
    facts = {key: getattr(context, key) for key in ("component", "environment", "run", "actor", "reason")}
    with lock.Lock(context.store.lock_path, dict(facts, since=times.now())) as held:
        context.lock = held
        with fleet.admitted(context, facts):
            return deploy.undo(context, watch["release"])


def _incident(context: Context, watch: Watch, outcome: str, result: Dict[str, Any], taken: bool) -> None:
    fired, current = watch["fired"], context.store.current()
    new = sorted(watch["new"].values(), key=lambda one: str(one["at"]))[:5]
    context.ledger.append(
        "incident",
        component=context.component,
        release=watch["release"],
        artifact={"component": watch["component"], "commit": watch["commit"], "tree": watch["tree"]},
        actor=WHO,
        reason=context.reason,
        run=context.run,
        data={
            "kind": "rollback" if taken else "watch",
            "trigger": fired["trigger"],
            "severity": fired["severity"] if taken else "critical",
            "from_release": watch["release"],
            "to_release": current.number if current else None,
            "first_bad": watch["first_bad"],
            "details": {
                "why": fired["why"],
                "outcome": outcome,
                "of_run": watch["run"],
                "watched_since": watch["begun"],
                "looks": watch["looks"],
                "failed_looks": watch["failed"],
                "restarts": watch["more"],
                "new_errors": [{key: one[key] for key in ("at", "text", "count")} for one in new],
                "receipt": result.get("receipt"),
            },
        },
    )


def _told(watch: Watch, context: Context, event: str, said: str, result: Dict[str, Any]) -> Watch:
    message = telling.message(watch, context, event, said, result)
    return {**watch, "untold": telling.send(watch["webhook"], [*watch["untold"], message])}


def _run() -> str:
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-watch-{secrets.token_hex(2)}"
