"""What the daily looks found besides uptime: `logs`, `metrics`, `tests`, `incidents`. Pure.

A finding is `{verdict, examined, found, said, problems}`: `found` counts what is wrong, `said` says what, `problems`
what could not be known, which makes it inconclusive.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Collection, Dict, Iterable, List, Mapping, Optional, Sequence

from ..log_classes import comparison
from .slots import DAY, FAIL, INCONCLUSIVE, PASS, SLOT_S
from .windows import day_of, text_of

Finding = Dict[str, Any]
SLOWER, SLOWER_MS = 1.5, 25.0
LARGER, LARGER_MB = 1.5, 32.0
LEAST_SAMPLES = 60  # of a day that others are compared with
_MOST, _MOST_ERRORS = 20, 100
_WORSE = ("allowed", "known", "new")


def made(examined: int, said: Sequence[str], problems: Sequence[str], most: int = _MOST) -> Finding:
    """Return a finding; nothing examined is inconclusive, like every problem."""
    verdict = FAIL if said else INCONCLUSIVE if problems or not examined else PASS
    return {
        "verdict": verdict,
        "examined": examined,
        "found": len(said),
        "said": list(said)[:most],
        "problems": list(problems)[:most],
    }


def of_logs(
    samples: int,
    errors: Sequence[Dict[str, Any]],
    previous: Optional[Collection[str]],
    notes: Iterable[Dict[str, Any]],
    allow: Sequence[Mapping[str, Any]] = (),
) -> Finding:
    """Judge the errors in the logs day by day: new ones count, and critical ones, unless somebody bears them.

    Leaves in each error whether it is `new` and what is `said` of it.
    """
    counted: Dict[str, Dict[str, Any]] = {}
    for day in sorted({one["day"] for one in errors}):
        today = [one for one in errors if one["day"] == day]
        compared = comparison.compare(today, previous, allow, _moment(day).date())
        judged = [(one, kind) for kind in ("new", "known", "allowed") for one in compared[kind]]
        for one, kind in judged:
            known = counted.setdefault(one["fingerprint"], {**one, "count": 0, "state": kind})
            known.update(count=known["count"] + one["count"], last=one["last"])
            known["state"] = kind if _WORSE.index(kind) > _WORSE.index(known["state"]) else known["state"]
    listed = sorted(counted.values(), key=lambda one: (-_WORSE.index(one["state"]), -one["count"]))
    said = [
        f"{one['count']} × {one['exception'] + ': ' if one['exception'] else ''}{one['text'][:160]} "
        f"({one['severity']}, first on {day_of(one['first'] * SLOT_S)}; {one['said']})"
        for one in listed
        if one["state"] == "new" or (one["severity"] == "critical" and one["state"] == "known")
    ]
    gaps = sorted({str(one["text"]) for one in notes if one["kind"] == "logs"})
    return {**made(samples, said, gaps), "errors": listed[:_MOST_ERRORS]}


def of_metrics(
    days: Sequence[Dict[str, Any]], readings: Dict[str, Dict[str, Any]], ranges: Dict[str, Sequence[Optional[float]]]
) -> Finding:
    """Judge the numbers of each day (see `folding.measured`) and what was read, against ranges and the first day."""
    said: List[str] = []
    problems: List[str] = []
    for name, (least, most) in sorted(ranges.items()):
        values = (
            [("the week", one) for one in (readings[name]["min"], readings[name]["max"])]
            if name in readings
            else [(one["date"], one[name]) for one in days if one.get(name) is not None]
        )
        if not values:
            problems.append(f"{name} has a declared range, but was never measured")
        for when, value in values:
            if (least is not None and value < least) or (most is not None and value > most):
                said.append(f"{name} was {value:g} ({when}), declared is {_range(least, most)}")
    whole = [one for one in days if one["samples"] >= LEAST_SAMPLES]
    for one in whole[1:]:
        said += _worse(whole[0], one)
    return made(sum(one["samples"] for one in days), list(dict.fromkeys(said)), problems)


def _worse(first: Dict[str, Any], later: Dict[str, Any]) -> List[str]:
    found = []
    for name, factor, least, unit in (("p95_ms", SLOWER, SLOWER_MS, "ms"), ("memory_mb", LARGER, LARGER_MB, "MB")):
        before, after = first.get(name), later.get(name)
        if before is not None and after is not None and after > before * factor and after - before > least:
            found.append(f"{name} was {after:g} {unit} on {later['date']}, {before:g} {unit} on the first day")
    return found


def _range(least: Optional[float], most: Optional[float]) -> str:
    if least is None:
        return f"at most {most:g}"
    return f"at least {least:g}" if most is None else f"{least:g} to {most:g}"


def of_tests(declared: bool, begin: int, end: int, tasks: Dict[int, Dict[str, Any]]) -> Finding:
    """Judge the daily integration tests: every whole day between two slots has to have passed them."""
    if not declared:
        return made(0, [], ["no integration tests are declared"])
    days = range(-(-begin // DAY), end // DAY)
    said = [f"{_date(day)}: {tasks[day]['said']}" for day in tasks if tasks[day]["ok"] == 0]
    problems = [f"{_date(day)}: the integration tests were not run" for day in days if day not in tasks]
    problems += [f"{_date(day)}: {tasks[day]['said']}" for day in sorted(tasks) if tasks[day]["ok"] not in (0, 1)]
    return made(len(tasks), said, problems)


def of_incidents(entries: Iterable[Dict[str, Any]], since: int) -> Finding:
    """Judge what the ledger tells of the stay: no rollback and no incident, above all none of security."""
    said = []
    for one in entries:
        data = one.get("data") or {}
        if int(one["seq"]) <= since or data.get("rehearsal"):
            continue
        if one["event"] == "incident":
            said.append(
                " ".join(
                    [f"{one['at']}:", *(str(data[key]) for key in ("severity", "kind", "trigger") if data.get(key))]
                )
            )
        elif one["event"] == "returned" and not data.get("rejected"):
            said.append(f"{one['at']}: rolled back to release {one.get('release')}")
    return made(1, said, [])


def _moment(day: int) -> datetime:
    return datetime.fromtimestamp(day * DAY * SLOT_S, timezone.utc)


def _date(day: int) -> str:
    return text_of(day * 86400)[:10]
