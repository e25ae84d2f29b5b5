"""From rows of samples to spans and numbers: what was seen of one artifact within a time."""

from __future__ import annotations

import math
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from .database import Database
from .sampling import NAMES
from .slots import UNKNOWN, Span

OFF = "the recorder was off"
HOUR = 60  # slots


def known(database: Optional[Database], begin: int, end: int, tree: str) -> Iterator[Span]:
    """Give the slots that were sampled, as spans; while another artifact served, nothing is known of this one."""
    if database is None:
        return
    trees = _trees(database)
    words = dict(database.ask("SELECT id, text FROM reasons"))
    rows = database.ask(
        "SELECT slot, state, release, reason FROM samples WHERE slot >= ? AND slot < ? ORDER BY slot", begin, end
    )
    for slot, state, release, reason in rows:
        if release is not None and trees.get(release, tree) != tree:
            yield Span(slot, slot + 1, UNKNOWN, "another artifact served")
        else:
            yield Span(slot, slot + 1, NAMES[state], words.get(reason, "") if NAMES[state] != "up" else "")


def absent(started: int, troubles: Sequence[Dict[str, Any]], notes: Sequence[Dict[str, Any]]) -> Callable[[int], str]:
    """Return a function that says of the first slot of a gap why nothing is known of it."""

    def why(slot: int) -> str:
        if slot < started:
            return "it was not observed yet"
        for one in troubles:
            if one["begin"] - 2 <= slot <= one["end"] + 2:
                return str(one["text"])
        for one in notes:
            if one["kind"] in ("clock", "damaged") and abs(one["slot"] - slot) <= 2:
                return str(one["text"])
        return OFF

    return why


def notes(database: Optional[Database], begin: int, end: int) -> List[Dict[str, Any]]:
    """Return what happened to the recorder within a time."""
    if database is None:
        return []
    rows = database.ask("SELECT slot, kind, text FROM notes WHERE slot >= ? AND slot < ? ORDER BY slot, id", begin, end)
    return [{"slot": slot, "kind": kind, "text": text} for slot, kind, text in rows]


def percentile(ordered: Sequence[float], share: float) -> Optional[float]:
    """Return the value below or at which `share` of the ordered values lie (nearest rank); None of nothing."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def measured(database: Optional[Database], begin: int, end: int) -> Dict[str, Any]:
    """Return `{samples, p50_ms, p95_ms, p99_ms, max_ms, cpu_percent, cpu_max, memory_mb, memory_max_mb, restarts}`."""
    rows = (
        database.ask("SELECT ms, cpu, memory, restarts FROM samples WHERE slot >= ? AND slot < ?", begin, end)
        if database
        else []
    )
    ms = sorted(row[0] for row in rows if row[0] is not None)
    cpu = [row[1] for row in rows if row[1] is not None]
    memory = [row[2] / 1024 for row in rows if row[2] is not None]
    return {
        "samples": len(ms),
        "p50_ms": percentile(ms, 0.5),
        "p95_ms": percentile(ms, 0.95),
        "p99_ms": percentile(ms, 0.99),
        "max_ms": ms[-1] if ms else None,
        "cpu_percent": _rounded(sum(cpu) / len(cpu)) if cpu else None,
        "cpu_max": _rounded(max(cpu)) if cpu else None,
        "memory_mb": _rounded(sum(memory) / len(memory)) if memory else None,
        "memory_max_mb": _rounded(max(memory)) if memory else None,
        "restarts": sum(row[3] or 0 for row in rows),
    }


def readings(database: Optional[Database], begin: int, end: int) -> Dict[str, Dict[str, Any]]:
    """Return `{name: {count, min, max, first, last}}` of what the component said of itself."""
    found: Dict[str, Dict[str, Any]] = {}
    rows = (
        database.ask("SELECT name, value FROM readings WHERE slot >= ? AND slot < ? ORDER BY slot", begin, end)
        if database
        else []
    )
    for name, value in rows:
        one = found.setdefault(name, {"count": 0, "min": value, "max": value, "first": value, "last": value})
        one.update(count=one["count"] + 1, min=min(one["min"], value), max=max(one["max"], value), last=value)
    return found


def hourly(database: Optional[Database], begin: int, end: int) -> List[List[Any]]:
    """Return `[slot, p50_ms, p95_ms, p99_ms, cpu_percent, memory_mb]` of each hour that has samples."""
    found = []
    for first in range(begin - begin % HOUR, end, HOUR):
        one = measured(database, max(first, begin), min(first + HOUR, end))
        if one["samples"] or one["cpu_percent"] is not None:
            found.append([first, *(one[key] for key in ("p50_ms", "p95_ms", "p99_ms", "cpu_percent", "memory_mb"))])
    return found


def errors(database: Optional[Database], begin: int, end: int, tree: str) -> List[Dict[str, Any]]:
    """Return the errors that an artifact wrote within a time, by day, as `log_classes` has them, with `day`."""
    keys = ("fingerprint", "day", "severity", "kind", "exception", "text", "count", "first", "last")
    rows = _errors(database, f"release, {', '.join(keys)}", tree, own=True)
    found = [{key: row[place] for place, key in enumerate(keys, 1)} for row in rows]
    return [one for one in found if one["last"] >= begin and one["first"] < end]


def before(database: Optional[Database], tree: str) -> Optional[Set[str]]:
    """Return the fingerprints of what other artifacts wrote; None when no other one was ever observed."""
    if database is None or not any(value != tree for value in _trees(database).values()):
        return None
    return {row[1] for row in _errors(database, "release, fingerprint", tree, own=False)}


def _errors(database: Optional[Database], columns: str, tree: str, own: bool) -> List[Tuple[Any, ...]]:
    if database is None:
        return []
    trees = _trees(database)
    rows = database.ask(f"SELECT {columns} FROM errors ORDER BY first")  # noqa: S608 -- names of columns
    return [row for row in rows if (trees.get(row[0]) == tree) == own]


def _trees(database: Database) -> Dict[int, str]:
    rows = database.ask("SELECT key, value FROM meta WHERE key LIKE 'tree %'")
    return {int(key.split(" ")[1]): value for key, value in rows}


def _rounded(value: float) -> float:
    return round(value, 2)
