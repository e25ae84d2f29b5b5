"""The road of a rollback, said before it is gone: from where to where, how, how long, what becomes of data. Pure."""

from __future__ import annotations

import statistics
from typing import Any, Dict, Iterable, Mapping, Optional

from .settings import BLUE_GREEN

_MEASURED = 5
_HOW = {
    (BLUE_GREEN, True): "warm: one switch of the edge",
    (BLUE_GREEN, False): "cold: started and judged beside it, then one switch of the edge",
}
_STOP_FIRST = "stop-first: it interrupts"


def expected(entries: Iterable[Mapping[str, Any]], strategy: str, *, warm: bool) -> Optional[float]:
    """Return the median seconds that the latest rollbacks of this kind took until their traffic had moved, or None.

    A receipt of a change in colours has the step `switch`; one that started nothing took its release over warm.
    """
    found = []
    for entry in entries:
        data = entry.get("data") or {}
        receipt = data.get("receipt") or {}
        if entry["event"] != "returned" or data.get("act") not in ("rollback", "undo") or data.get("warm") != warm:
            continue
        if data.get("strategy") != strategy or data.get("mode") == "full":
            continue
        spent = [seconds for step, seconds in (receipt.get("seconds") or {}).items() if step != "prepare" and seconds]
        found += [sum(spent)] if spent else []
    return round(statistics.median(found[-_MEASURED:]), 1) if found else None


def sentence(component: str, origin: int, goal: int, strategy: str, *, warm: bool, seconds: Optional[float]) -> str:
    """Return what a person reads before anything is touched."""
    how = _HOW.get((strategy, warm), _STOP_FIRST)
    takes = "takes an unknown time (none was measured yet)" if seconds is None else f"takes about {seconds:g} s"
    return f"returns {component} from {origin} to {goal} ({how}; {takes}); its data stays as it is"


def closed(component: str, origin: Mapping[str, Any], goal: Mapping[str, Any]) -> Optional[str]:
    """Return why a release's containers must not return without the data, or None; both are release records."""
    numbers = f"{origin['number']} and {goal['number']}"
    if origin.get("kind") == "stateful" and _images(origin) != _images(goal):
        return f"{component} keeps data, and its releases {numbers} have different images"
    ours, theirs = origin.get("data_schema"), goal.get("data_schema")
    if ours != theirs:
        return f"{component}'s releases {numbers} have different data schemas ({_shown(ours)} and {_shown(theirs)})"
    return None


def _images(release: Mapping[str, Any]) -> Dict[str, Any]:
    images = (release.get("artifact") or release).get("images") or {}
    return {service: (image or {}).get("id") for service, image in images.items()}


def _shown(schema: object) -> str:
    return "none" if schema is None else str(schema)
