"""What the verbs do for one component."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Dict

from .. import fleet, lock, times
from ..context import Context
from ..engine import Engine
from . import half_way, points, restoring, shown, taking, tending
from .settings import Place
from .streams import Streams
from .work import Work, alone

if TYPE_CHECKING:
    from ..packages import Call


def work_of(call: Call) -> Work:
    """Return the act of a call on its component."""
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
    work = work_of(call)
    half_way.refuse(work.context.store.folder, work.context.environment)
    with alone(work):
        point = taking.take(work, verify=call.options.verify == "full")
    what = "verified" if point["verified_at"] else "not verified yet"
    size, seconds = point["bytes"] / 1e6, sum(point["seconds"].values())
    message = f"{work.context.component}: restore point {point['id']}, {size:.1f} MB in {seconds:.1f} s, {what}"
    return {"changed": True, "point": point, "message": message}


def _restore(call: Call) -> Dict[str, Any]:
    work = work_of(call)
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
    work = work_of(call)
    with alone(work):
        found = tending.forget(work)
    text = f"{work.context.component}: {len(found['gone'])} restore points forgotten, {len(found['kept'])} kept"
    return {**found, "changed": bool(found["gone"]), "message": text}


def _verify(call: Call) -> Dict[str, Any]:
    work = work_of(call)
    with alone(work):
        found = tending.verify(work, call.options.point)
    known = points.every(work.place, work.context.component)
    alert = shown.alert(known, work.place.settings().alert_after, work.context.component, time.time())
    said = ", ".join(f"{one['id']} in {one['seconds']['verify']:g} s" for one in found) or "nothing to verify"
    return {"changed": bool(found), "points": found, "problem": alert, "message": alert or f"verified {said}"}


ANSWERS: Dict[str, Callable[[Any], Dict[str, Any]]] = {
    "backup": _backup,
    "restore": _restore,
    "points": _points,
    "forget": _forget,
    "verify-backups": _verify,
}
