"""The steps of a rehearsal on the host: begin declares it, halt ends its requests, end enters it into the ledger."""

from __future__ import annotations

from typing import Any, Dict, List

from .. import acts, colours, files, fleet, times
from ..context import Context
from ..errors import HostError, UsageError
from ..lock import Lock
from . import mark, traffic

ENVIRONMENT = "staging"


def step(context: Context, request: Dict[str, Any]) -> Dict[str, Any]:
    """Do the step that ``request`` names; return ``{changed, failed, message, …}``."""
    steps = {"begin": begin, "halt": halt, "end": end}
    wanted = request.get("step")
    if wanted not in steps:
        raise UsageError(f"{wanted!r} is no step of a rehearsal: known are {', '.join(steps)}")
    return steps[str(wanted)](context, request)


def begin(context: Context, request: Dict[str, Any]) -> Dict[str, Any]:
    """Declare a rehearsal ``{from, to, mode, seconds, process}`` and begin to send requests.

    A rehearsal that was cut off, or left the environment dirty, is taken over: its `from` is what shall serve again.
    """
    if context.environment != ENVIRONMENT:
        raise HostError(f"the way back is rehearsed in {ENVIRONMENT}, not in {context.environment}")
    seconds = mark.window(request.get("seconds"))
    folder = files.make_folder(context.store.folder)
    facts = {"component": context.component, "environment": context.environment, "run": context.run}
    who = {**facts, "actor": context.actor, "reason": context.reason}
    with Lock(context.store.lock_path, dict(who, since=times.now(), brief=True)), fleet.admitted(context, who):
        acts.resume(context)  # what was cut off before comes to its end first
        book = context.ledger.checked().entries
        current = context.store.current()
        if current is None or current.number != request.get("from"):
            raise HostError(f"{context.serving()}, not {request.get('from')}: the same command again")
        now = times.now()
        declared: Dict[str, Any] = {
            "schema": 1,
            **{key: who[key] for key in ("run", "actor", "reason")},
            **{key: request.get(key) for key in ("from", "to", "mode", "process")},
            "at": now,
            "until": colours.later(now, seconds),
            "seq": len(book),
            "state": mark.UNDER_WAY,
            "why": [],
        }
        mark.write(folder, declared)
        traffic.begin(context)
    said = f"declared a rehearsal of {context.title} until {declared['until']}"
    return {"changed": True, "failed": False, "mark": declared, "message": said}


def halt(context: Context, request: Dict[str, Any]) -> Dict[str, Any]:
    """Send no more requests; return what serves now as ``current`` and what users saw as ``traffic``, or None."""
    mark.of_run(context.store.folder, context.run)
    seen, current = traffic.end(context), context.store.current()
    number = current.number if current else None
    return {"changed": False, "failed": False, "current": number, "traffic": seen, "message": context.serving()}


def end(context: Context, request: Dict[str, Any]) -> Dict[str, Any]:
    """Take the mark away if all is as it was, else leave it there as dirty; with ``data``, enter it into the ledger.

    ``why`` names what is not as it was before; what serves is seen here, whatever was said.
    """
    folder = context.store.folder
    found = mark.of_run(folder, context.run)
    current = context.store.current()
    why: List[str] = [str(one) for one in request.get("why") or []]
    if current is None or current.number != found["from"]:
        seen = f"{current.number if current else 'nothing'} serves instead of {found['from']}"
        why = [seen, *(one for one in why if one != seen)]
    entry = None
    if request.get("data") is not None:
        entry, _ = context.ledger.append(
            "rehearsed",
            component=context.component,
            release=found["from"],
            artifact=context.store.release(int(found["from"])).facts["artifact"],
            actor=found["actor"],
            reason=found["reason"],
            run=context.run,
            data={**request["data"], "clean": not why, "why": why},
        )
    if why:
        mark.write(folder, {**found, "state": mark.DIRTY, "why": why, "seq": context.ledger.read().entries[-1]["seq"]})
    else:
        mark.clear(folder)
        traffic.clear(context)
    said = f"{context.title} is dirty: {'; '.join(why)}" if why else f"{context.title} is as it was"
    return {"changed": True, "failed": bool(why), "entry": entry, "why": why, "message": said}
