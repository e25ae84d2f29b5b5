"""The strip of a week: one mark an hour, a row a day, for a terminal and for a page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ...module_utils.host.recorder import sentence
from ...module_utils.host.recorder.slots import DAY, DOWN, MAINTENANCE, SLOT_S, UNKNOWN, UP

HOUR, HOURS = 60, 24
MARKS = {**sentence.MARKS, "": "·"}
LEGEND = "one mark an hour, UTC: █ up, ! down, ? unknown, m maintenance, · not observed"
_RANK = (DOWN, UNKNOWN, MAINTENANCE, UP)


def days(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row a day: `{date, weekday, hours, up, down, unknown, maintenance}`.

    `hours` are 24 times `{state, up, down, unknown, maintenance}` in slots; `state` is the worst of the hour, empty
    outside of what was observed.
    """
    if not report.get("spans"):
        return []
    counts: dict[int, dict[str, int]] = {}
    for begin, length, state, _ in report["spans"]:
        at = begin
        while at < begin + length:
            last = min(begin + length, (at // HOUR + 1) * HOUR)
            hour = counts.setdefault(at // HOUR, dict.fromkeys((UP, DOWN, UNKNOWN, MAINTENANCE), 0))
            hour[state] += last - at
            at = last
    first, last = report["begin"] // DAY, (report["end"] - 1) // DAY
    return [_day(day, counts) for day in range(first, last + 1)]


def _day(day: int, counts: Mapping[int, Mapping[str, int]]) -> dict[str, Any]:
    nothing = dict.fromkeys((UP, DOWN, UNKNOWN, MAINTENANCE), 0)
    hours = []
    for hour in range(day * HOURS, (day + 1) * HOURS):
        found = dict(counts.get(hour, nothing))
        hours.append((next((state for state in _RANK if found[state]), ""), found))
    moment = datetime.fromtimestamp(day * DAY * SLOT_S, UTC)
    total = {state: sum(found[state] for _, found in hours) for state in nothing}
    shown = [{"state": state, **found} for state, found in hours]
    return {"date": f"{moment:%Y-%m-%d}", "weekday": f"{moment:%a}", "hours": shown, **total}


def rows(report: Mapping[str, Any]) -> list[list[str]]:
    """Return the strip as rows for a terminal: the day, its marks and what was not up."""
    found = []
    for day in days(report):
        marks = "".join(MARKS[hour["state"]] for hour in day["hours"])
        lost = [f"{minutes(day[state])} {state}" for state in (DOWN, UNKNOWN, MAINTENANCE) if day[state]]
        found.append([f"{day['weekday']} {day['date'][5:]}", f"{marks} {', '.join(lost) or 'up'}"])
    return found


def minutes(slots: int) -> str:
    """Return a number of slots as hours and minutes."""
    hours, rest = divmod(slots, 60)
    return f"{rest} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"


def between(report: Mapping[str, Any]) -> str:
    """Return the uptime as far as it is known: one percent, or the two between which it lies."""
    lower, upper = report.get("uptime_percent"), report.get("upper_percent")
    return sentence.percent(lower) if lower == upper else f"{sentence.percent(lower)} to {sentence.percent(upper)}"
