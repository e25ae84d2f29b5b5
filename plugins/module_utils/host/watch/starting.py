"""How a watch begins and how somebody ends it; and what a component logged before, so that new is new."""

from __future__ import annotations

import os
from typing import Any, Dict, List

from .. import canonical, engine_socket, files, running, times
from ..context import Context
from ..engine import Engine
from ..errors import HostError, UsageError
from ..processes import Processes
from ..state import State
from . import follower, looking, record

_MOST_KNOWN = 500


def note(state: State, processes: Processes, who: Dict[str, str]) -> Dict[str, Any]:
    """Keep which kinds of errors the release that serves logs; to be called before a deploy."""
    context = context_of(state, processes, who)
    current = context.store.current()
    known: List[str] = []
    if current:
        containers, _ = running.serving(context, current)
        known = sorted({one["fingerprint"] for one in looking.errors_of(context, current, containers)})[:_MOST_KNOWN]
    place = record.known_path(state, context.environment, context.component)
    files.make_folder(place.parent)
    facts = {"schema": 1, "release": current.number if current else None, "at": times.now(), "fingerprints": known}
    files.write(place, canonical.encode(facts) + b"\n", 0o600)
    return _result(True, f"{len(known)} kinds of errors are known of {context.title}")


def start(state: State, processes: Processes, given: Dict[str, Any]) -> Dict[str, Any]:
    """Watch what serves now, if it is the release that was ``given``; a watch of it that is on stays as it is."""
    context = context_of(state, processes, {key: str(given.get(key) or "") for key in _WHO})
    current = context.store.current()
    if current is None or current.number != given.get("release"):
        raise UsageError(f"{context.component} {given.get('release')} is to be watched, but {context.serving()}")
    before = record.read(state, context.environment, context.component)
    if before and (before["release"], before["state"]) == (current.number, record.ON):
        follower.leave(state)
        return {**_result(False, record.sentence(record.shown(before))), "watch": record.shown(before)}
    containers, _ = running.serving(context, current)
    back = context.store.served_before(current.number)
    facts = {
        "tree": current.facts["artifact"]["tree"],
        "commit": current.facts["artifact"].get("commit"),
        "back": back,
        "restarts": looking.restarts(containers),
        "known": _known(state, context, current.number),
    }
    watch = record.begin(given, facts)
    record.write(state, watch)
    follower.leave(state)
    return {**_result(True, record.sentence(record.shown(watch))), "watch": record.shown(watch)}


def stop(state: State, who: Dict[str, str]) -> Dict[str, Any]:
    """End a component's watch."""
    watch = record.read(state, who["environment"], who["component"])
    if not watch or watch["state"] != record.ON:
        return _result(False, f"{who['component']} on {who['environment']} is not watched")
    record.end(state, watch, f"stopped by {who['actor']} at {times.now()}")
    return _result(True, f"{who['component']} on {who['environment']} is watched no more")


def context_of(state: State, processes: Processes, who: Dict[str, str]) -> Context:
    """Return what an act of ``who`` works with; what it says goes nowhere, since nobody may be there."""
    engine = Engine(processes, engine_socket.usual(os.environ))
    facts: Dict[str, Any] = {key: who[key] for key in _WHO}
    return Context(state=state, engine=engine, reason=who.get("reason", ""), tell=lambda step, text: None, **facts)


def _known(state: State, context: Context, number: int) -> List[str]:
    """Return the kinds of errors that were logged before release ``number``; none where nobody has noted any."""
    place = record.known_path(state, context.environment, context.component)
    try:
        facts = files.read_json(place) if place.exists() else {}
    except HostError:
        return []
    return list(facts.get("fingerprints") or []) if facts.get("release") != number else []


def _result(changed: bool, message: str) -> Dict[str, Any]:
    return {"changed": changed, "failed": False, "message": message}


_WHO = ("component", "environment", "run", "actor")
