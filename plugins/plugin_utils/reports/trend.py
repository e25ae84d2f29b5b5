"""A gate's numbers over past runs, and the lines they are to be seen against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

LONGEST = 20
"""Runs of a trend, the present one included."""

_PART = re.compile(r"(?P<comparator>==|>=|<=|>|<)\s*(?P<sign>[+-]?)(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<percent>%?)")


def points(runs: Iterable[Any], run: str, verdict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trend of the gate that ``verdict`` judged in ``run``, oldest first: run, at, found, verdict.

    ``runs`` are past runs (``run``, ``verdicts``), newest first; ``run`` itself may be among them.
    """
    found = [_point(run, verdict)]
    for past in runs:
        if past.run == run:
            continue
        found += [_point(past.run, each) for each in past.verdicts if each["gate"] == verdict["gate"]]
        if len(found) >= LONGEST:
            break
    return found[:LONGEST][::-1]


def thresholds(objective: str, baseline: float | None) -> list[float]:
    """The numbers that an objective (``< 500 and <= +10%``) names, relative ones from the baseline."""
    found: list[float] = []
    for part in _PART.finditer(objective):
        number = float(f"{part['sign']}{part['number']}")
        if not part["sign"]:
            found.append(number)
        elif baseline is not None:
            found.append(baseline * (1 + number / 100) if part["percent"] else baseline + number)
    return found


def in_words(trend: Sequence[Mapping[str, Any]], unit: str) -> str:
    """The trend as one sentence, for those who do not see the line."""
    numbers = [each["found"] for each in trend if each["found"] is not None]
    passed = sum(each["verdict"] == "pass" for each in trend)
    if len(trend) < 2:
        return "first run: no trend yet"
    if not numbers:
        return f"{len(trend)} runs, none with a number"
    extent = f"from {numbers[0]:g} to {numbers[-1]:g} {unit}".rstrip()
    return f"{len(trend)} runs, {passed} passed, {extent}"


def _point(run: str, verdict: Mapping[str, Any]) -> dict[str, Any]:
    found = verdict.get("found")
    known = isinstance(found, int | float) and not isinstance(found, bool)
    return {
        "run": run,
        "at": str(verdict.get("earned") or ""),
        "found": float(found) if found is not None and known else None,
        "verdict": str(verdict.get("verdict")),
    }
