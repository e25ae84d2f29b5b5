"""The record of one watch: what is watched until when, what was seen so far, what came of it.

``<state>/<environment>/watches/<component>.json`` (0600: it has the webhook's address), schema 1. ``state`` is ``on``,
``passed``, ``bad`` (a trigger fired), ``replaced`` (another release serves) or ``stopped`` (somebody ended it).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from .. import canonical, colours, files, names, times
from ..errors import UsageError
from ..state import State
from .settings import DEFAULTS, RANGES, TRIGGERS

Watch = Dict[str, Any]
ON, STOPPED = "on", "stopped"
_SAME = ("release", "begun", "run")
_KEPT = ("component", "environment", "release", "run", "actor", "settings")
_SHOWN = (
    *("component", "environment", "release", "tree", "back", "begun", "until", "state", "looks", "failed", "unknown"),
    *("last", "first_bad", "fired", "outcome", "run"),
)


def path(state: State, environment: str, component: str) -> Path:
    """Return where a watch is kept."""
    return state.root / environment / "watches" / f"{component}.json"


def known_path(state: State, environment: str, component: str) -> Path:
    """Return where the kinds of errors are kept that a component logged before it was changed."""
    return state.root / environment / "watches" / f"{component}.known.json"


def read(state: State, environment: str, component: str) -> Optional[Watch]:
    """Return a component's latest watch, or None."""
    place = path(state, environment, component)
    return dict(files.read_json(place)) if place.exists() else None


def write(state: State, watch: Watch) -> None:
    """Begin a watch, in the place of the one before."""
    with _alone(state, watch):
        _write(state, watch)


def keep(state: State, watch: Watch) -> bool:
    """Write what became of a watch, unless somebody ended it or began another meanwhile; say whether it was written."""
    with _alone(state, watch):
        now = read(state, watch["environment"], watch["component"])
        if now is None or now["state"] == STOPPED or any(now[key] != watch[key] for key in _SAME):
            return False
        _write(state, watch)
        return True


def end(state: State, watch: Watch, outcome: str) -> None:
    """End a watch that is on."""
    with _alone(state, watch):
        _write(state, {**watch, "state": STOPPED, "outcome": outcome})


def _write(state: State, watch: Watch) -> None:
    place = path(state, watch["environment"], watch["component"])
    files.write(place, canonical.encode(watch) + b"\n", 0o600)


@contextlib.contextmanager
def _alone(state: State, watch: Watch) -> Iterator[None]:
    """Let nobody else write this record meanwhile: who looks, who begins and who ends are three processes."""
    place = path(state, watch["environment"], watch["component"]).with_suffix(".lock")
    files.make_folder(place.parent)
    with files.explained(place):
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def every(state: State) -> List[Watch]:
    """Return the latest watch of every component on this host."""
    found = []
    for environment in state.environments():
        folder = state.root / environment / "watches"
        names_ = sorted(one.stem for one in folder.glob("*.json") if not one.stem.endswith(".known"))
        found += [one for one in (read(state, environment, name) for name in names_) if one]
    return found


def begin(given: Dict[str, Any], facts: Dict[str, Any]) -> Watch:
    """Return a new watch of what was ``given`` {component, environment, release, run, actor, settings, reason, webhook,
    alone, tells_only, allow} and found: ``facts`` {tree, commit, back, restarts, known}. Raises ``UsageError``.
    """
    missing = [key for key in _KEPT if given.get(key) in (None, "")]
    if missing:
        raise UsageError(f"a watch needs {', '.join(_KEPT)}; {missing[0]} is missing")
    now = times.now()
    settings = _checked(given["settings"])
    return {
        "schema": 1,
        "component": names.checked("component", given["component"]),
        "environment": names.checked("environment", given["environment"]),
        "release": int(given["release"]),
        "run": names.checked_run(given["run"]),
        "actor": str(given["actor"]),
        "reason": str(given.get("reason") or ""),
        "webhook": str(given.get("webhook") or ""),
        "alone": bool(given.get("alone", True)),
        "allow": list(given.get("allow") or []),
        "tells_only": bool(given.get("tells_only", False)),
        "settings": settings,
        **facts,
        "begun": now,
        "until": colours.later(now, settings["hours"] * 3600),
        "state": ON,
        "looks": 0,
        "failed": 0,
        "unknown": 0,
        "row": 0,
        "recent": [],
        "new": {},
        "borne": {},
        "more": 0,
        "cursor": now,
        "traffic": None,
        "last": None,
        "first_bad": None,
        "fired": None,
        "outcome": None,
        "untold": [],
    }


def shown(watch: Watch) -> Dict[str, Any]:
    """Return what is told of a watch: no address, no log text beyond what fired."""
    new = sorted(watch["new"].values(), key=lambda one: str(one["at"]))
    return {**{key: watch[key] for key in _SHOWN}, "new": len(new)}


def sentence(one: Dict[str, Any]) -> str:
    """Return a watch in one line, for a person."""
    what = f"{one['component']} {one['release']} on {one['environment']}"
    seen = f"{one['looks']} looks, {one['failed']} failed" + (f", {one['unknown']} unknown" if one["unknown"] else "")
    if one["state"] == ON:
        return f"{what} is watched since {one['begun']} until {one['until']}: {seen}"
    fired = f": {one['fired']['why']}; {one['outcome']}" if one["fired"] else f" ({seen})"
    return f"{what} was watched since {one['begun']}, {one['state']}{fired}"


def _checked(settings: Any) -> Dict[str, Any]:
    """Return settings whose numbers are in range; what checks them kindly is on the control node."""
    if not isinstance(settings, dict) or not isinstance(settings.get("triggers"), dict):
        raise UsageError("a watch needs settings with triggers")
    triggers = {name: settings["triggers"].get(name) for name in TRIGGERS}
    numbers = [(key, settings.get(key, default)) for key, default in DEFAULTS.items() if key != "triggers"]
    numbers += [(key, one.get(key)) for name, one in triggers.items() if one for key in TRIGGERS[name]]
    for key, value in numbers:
        low, high = RANGES[key]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise UsageError(f"{key} of a watch is {value!r}: a number from {low:g} to {high:g} is wanted")
    return {**{key: value for key, value in numbers if key in DEFAULTS}, "triggers": triggers}
