"""The report of an observation: what the samples, the ledger and the daily looks say of exactly one artifact."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

from ..errors import HostError
from ..state import State
from . import database, findings, folding, observed, prospects, slots, stays, trouble, windows
from .database import Database
from .slots import DAY, SLOT_S, WEEK, Span

Report = Dict[str, Any]
ALIKE = "the prober runs on the host that it observes: what takes down the host takes down both, and shows as unknown"


def report(state: State, record: Dict[str, Any], now: float) -> Report:
    """Return the report of the present stay of what is observed, up to the last whole slot before `now`.

    The window is the last seven days of the stay, or all of it while it is shorter. Raises `HostError` for a damaged
    ledger; damaged samples are unknown time, and said.
    """
    environment, component = record["environment"], record["component"]
    entries = stays.own(state.ledger(environment).checked().entries, component)
    since = stays.present(entries)
    file = observed.database(state, environment, component)
    base: Report = {
        "schema": 1,
        "environment": environment,
        "component": component,
        "active": not record.get("stopped"),
        "started": record["started"],
        "stopped": record.get("stopped"),
        "at": windows.text_of(now),
        "alike": ALIKE,
    }
    if since is None:
        return {
            **base,
            "since": None,
            "artifact": None,
            "verdict": slots.INCONCLUSIVE,
            "cause": f"nothing of {component} serves",
        }
    try:
        with database.reading(file) as opened:
            return {**base, **_stay(state, record, entries, since, opened, now)}
    except HostError as error:
        return {**base, **_stay(state, record, entries, since, None, now), "damage": str(error)}


def _stay(
    state: State,
    record: Dict[str, Any],
    entries: List[Dict[str, Any]],
    since: Dict[str, Any],
    opened: Optional[Database],
    now: float,
) -> Report:
    tree, end = stays.tree_of(since), int(now // SLOT_S)
    begin = -int(-windows.moment(since["at"]) // SLOT_S)
    first = max(begin, end - WEEK)
    started = int(windows.moment(record["started"]) // SLOT_S)
    notes = folding.notes(opened, first, end)
    troubles = trouble.read(trouble.path(observed.folder(state, record["environment"]), record["component"]))
    why = folding.absent(started, troubles, notes)
    whole = slots.spans(begin, end, folding.known(opened, begin, end, tree), why)
    whole = slots.without(whole, windows.windows(entries))
    shown = [one._replace(begin=max(one.begin, first)) for one in whole if one.end > first]
    found = slots.uptime(shown)
    days = _days(opened, shown, first, end)
    settings = record.get("settings") or {}
    tasks = _tasks(opened, begin, end)
    errors, previous = folding.errors(opened, begin, end, tree), folding.before(opened, tree)
    logs = findings.of_logs(found.up + found.down, errors, previous, notes, settings.get("allow") or ())
    readings = folding.readings(opened, begin, end)
    promoted = stays.promoted(entries, since)
    return {
        "artifact": since["artifact"],
        "release": since.get("release"),
        "since": since["at"],
        "promoted": promoted["at"] if promoted else None,
        "begin": first,
        "end": end,
        **found.told(),
        "budget": found.budget(),
        "left": found.left(),
        "earliest": windows.text_of(prospects.earliest(whole, begin, end) * SLOT_S),
        "cause": cause(found, shown),
        "days": days,
        "spans": slots.told(shown),
        "hours": folding.hourly(opened, first, end),
        "measured": folding.measured(opened, first, end),
        "readings": readings,
        "errors": logs.pop("errors"),
        "notes": notes,
        "trouble": troubles,
        "events": [one for one in stays.marked(entries) if windows.moment(one["at"]) >= first * SLOT_S - SLOT_S],
        "findings": {
            "logs": logs,
            "metrics": findings.of_metrics(days, readings, settings.get("ranges") or {}),
            "tests": findings.of_tests(bool(settings.get("tests")), begin, end, tasks),
            "incidents": findings.of_incidents(entries, int(since["seq"])),
        },
    }


def _days(opened: Optional[Database], shown: Sequence[Span], first: int, end: int) -> List[Dict[str, Any]]:
    found = []
    for day, counts in sorted(slots.by_day(shown).items()):
        numbers = folding.measured(opened, max(day * DAY, first), min((day + 1) * DAY, end))
        found.append({"date": windows.text_of(day * DAY * SLOT_S)[:10], **counts, **numbers})
    return found


def _tasks(opened: Optional[Database], begin: int, end: int) -> Dict[int, Dict[str, Any]]:
    rows = (
        opened.ask(
            "SELECT day, ok, said FROM tasks WHERE task = 'tests' AND day >= ? AND day <= ?", begin // DAY, end // DAY
        )
        if opened
        else []
    )
    return {int(day): {"ok": ok, "said": said} for day, ok, said in rows}


def cause(found: slots.Uptime, shown: Sequence[Span]) -> str:
    """Say in a sentence why the verdict is not a pass; empty when it is."""
    verdict = found.verdict()
    if verdict == slots.PASS:
        return ""
    if verdict == slots.FAIL:
        return f"down {length(found.down)}: {longest(shown, slots.DOWN)}"
    if found.unknown and (found.lower or 0) < slots.WANTED:
        return f"unknown {length(found.unknown)}: {longest(shown, slots.UNKNOWN)}"
    if found.down > found.budget():
        return f"down {length(found.down)}: {longest(shown, slots.DOWN)}"
    return f"{length(found.expected)} of 7 days are over"


def longest(shown: Sequence[Span], state: str) -> str:
    """Name the longest span in a state: why, how long, since when."""
    spans = [one for one in shown if one.state == state]
    if not spans:
        return "never"
    one = max(spans, key=lambda span: span.length)
    more = f", and {len(spans) - 1} more times" if len(spans) > 1 else ""
    return f"{one.reason or state} {length(one.length)} on {windows.day_of(one.begin * SLOT_S)}{more}"


def length(count: int) -> str:
    """Return a number of slots as a person says it."""
    if count < 60:
        return f"{count} min"
    hours, minutes = divmod(count, 60)
    if count < DAY:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def event(found: Report) -> Dict[str, Any]:
    """Return the `data` of the ledger's event `observed`: the report's numbers, without its curves."""
    keys = ("slots", "up", "down", "unknown", "maintenance", "uptime_percent", "upper_percent", "verdict", "earliest")
    short = ("date", "up", "down", "unknown", "maintenance", "p95_ms", "cpu_percent", "memory_mb")
    return {
        **{key: found.get(key) for key in keys},
        "from": windows.text_of(found["begin"] * SLOT_S),
        "until": windows.text_of(found["end"] * SLOT_S),
        "cause": found["cause"],
        "days": [{key: day[key] for key in short} for day in found["days"]],
        "findings": found["findings"],
        "probes": "one host, its own",
    }
