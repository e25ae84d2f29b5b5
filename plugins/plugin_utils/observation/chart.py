"""The geometry of a week's curves: hours from left to right, numbers from the bottom up. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 180, 44, 22
_GAP = 90  # slots: a longer silence breaks the line


@dataclass(frozen=True)
class Chart:
    """`lines`: `{name: [points of each stretch]}`; `ticks` and `days` are `(place, label)`; `limits` heights."""

    lines: Mapping[str, Sequence[str]]
    ticks: Sequence[tuple[float, str]]
    days: Sequence[tuple[float, str]]
    limits: Sequence[tuple[float, str]]
    marks: Sequence[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = BOTTOM


def draw(
    report: Mapping[str, Any],
    columns: Mapping[str, int],
    limits: Mapping[str, float],
    marks: Sequence[tuple[int, str]] = (),
) -> Chart | None:
    """Lay out columns of a report's `hours`; None where there is no line to draw. `marks` are slots with a label."""
    hours = report.get("hours") or []
    values = [row[place] for row in hours for place in columns.values() if row[place] is not None]
    if len(hours) < 2 or not values:
        return None
    begin, end = report["begin"], max(report["end"], report["begin"] + 1)
    top: float = _nice(max([*values, *limits.values()]))

    def across(slot: float) -> float:
        share = (min(max(slot, begin), end) - begin) / (end - begin)
        return float(round(LEFT + share * (WIDTH - LEFT - 4), 1))

    def up(value: float) -> float:
        return round(HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - 12), 1)

    lines = {name: _stretches(hours, place, across, up) for name, place in columns.items()}
    days = [(across(day * 1440), _date(day)) for day in range(-(-begin // 1440), end // 1440 + 1)]
    return Chart(
        lines,
        [(up(top * share), f"{top * share:g}") for share in (0, 0.5, 1)],
        days[:: max(1, len(days) // 8)],
        [(up(value), name) for name, value in limits.items()],
        [(across(slot), label) for slot, label in marks],
    )


def _stretches(hours: Sequence[Sequence[Any]], place: int, across: Any, up: Any) -> list[str]:
    found: list[list[str]] = [[]]
    last = None
    for row in hours:
        if row[place] is None or (last is not None and row[0] - last > _GAP):
            found.append([])
        if row[place] is not None:
            found[-1].append(f"{across(row[0] + 30)},{up(row[place])}")
            last = row[0]
    return [" ".join(stretch) for stretch in found if len(stretch) > 1]


def _nice(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20 … that is not below a value."""
    if value <= 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value))
    return next(float(step * power) for step in (1, 2, 5, 10) if step * power >= value)


def _date(day: int) -> str:
    return f"{datetime.fromtimestamp(day * 86400, UTC):%d %b}"
