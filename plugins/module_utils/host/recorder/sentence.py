"""A report as lines for a person on the host: verdict first, then a mark an hour."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

from .report import length
from .slots import DAY, DOWN, MAINTENANCE, UNKNOWN, UP

HOUR = 60
MARKS = {UP: "█", DOWN: "!", UNKNOWN: "?", MAINTENANCE: "m"}
_RANK = {DOWN: 3, UNKNOWN: 2, MAINTENANCE: 1, UP: 0}


def strip(spans: Sequence[Sequence[Any]], begin: int, end: int) -> List[str]:
    """Return one state an hour, the worst of its slots, from `begin` up to `end`."""
    hours = [UP] * max(0, -(-(end - begin) // HOUR))
    for first, count, state, _ in spans:
        for place in range(max(0, (first - begin) // HOUR), min(len(hours), -(-(first + count - begin) // HOUR))):
            if _RANK[state] > _RANK[hours[place]]:
                hours[place] = state
    return hours


def headline(found: Dict[str, Any]) -> str:
    """Return the report in a sentence: never a bare percent while something is unknown."""
    name = f"{found['component']} on {found['environment']}"
    if found.get("since") is None:
        return f"{name}: {found['cause']}"
    if not found["slots"]:
        return f"{name}: observed since {found['since']}, no whole minute is over"
    said = f"{name}: {found['verdict']}"
    if found["unknown"]:
        said += f", up {percent(found['uptime_percent'])} to {percent(found['upper_percent'])}"
    else:
        said += f", up {percent(found['uptime_percent'])}"
    return f"{said} of {length(found['slots'])}{'; ' + found['cause'] if found['cause'] else ''}"


def percent(value: Any) -> str:
    """Return a percent with two decimals, or a dash."""
    return "-" if value is None else f"{value:.2f} %"


def readable(found: Dict[str, Any]) -> str:
    """Return the lines of a report."""
    lines = [headline(found)]
    if found.get("spans"):
        marks = "".join(MARKS[state] for state in strip(found["spans"], found["begin"], found["end"]))
        lines += [f"  {marks[at : at + DAY // HOUR]}" for at in range(0, len(marks), DAY // HOUR)]
        lines.append(
            f"  earliest production date {found['earliest']}; {length(max(0, found['left']))} of error budget left"
        )
    for name, one in (found.get("findings") or {}).items():
        lines += [f"  {name}: {one['verdict']}"] + [f"    {text}" for text in [*one["said"], *one["problems"]]]
    return "\n".join(lines)
