"""A gate's numbers over past runs, and the lines they are to be seen against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..gates import history
from ..gates.comparison import NotComparable, is_number, plain
from ..gates.objective import Objective

LONGEST = 20
"""Runs of a trend, the present one included."""


def points(runs: Sequence[history.PastRun], run: str, verdict: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trend of the gate that ``verdict`` judged in ``run``, oldest first: run, at, found, verdict.

    ``runs`` are past ones, newest first; ``run`` itself may be among them. A reused verdict is the earlier one,
    and stands once.
    """
    earned_in = str(verdict.get("reused_from") or run)
    before = [past for past in runs if past.run not in (run, earned_in)]
    now = {"run": earned_in, "at": verdict["earned"], "found": verdict["found"], "verdict": verdict["verdict"]}
    found = [*history.trend(before, verdict["gate"], LONGEST - 1), now]
    return [{**each, "found": each["found"] if is_number(each["found"]) else None} for each in found]


def thresholds(objective: Objective, baseline: float | None) -> list[float]:
    """The numbers that an objective (``< 500 and <= +10%``) comes to; relative parts need a baseline."""
    found = []
    for part in objective.parts:
        try:
            bound = part.bound(baseline)
        except NotComparable:
            continue
        if is_number(bound):
            found.append(float(bound or 0))
    return found


def in_words(trend: Sequence[Mapping[str, Any]]) -> str:
    """The trend as one sentence, for those who do not see the line."""
    numbers = [each["found"] for each in trend if each["found"] is not None]
    passed = sum(each["verdict"] == "pass" for each in trend)
    if len(trend) < 2:
        return "first run: no trend yet"
    every = "all" if passed == len(trend) else passed
    if not numbers:
        return f"{len(trend)} runs, {every} passed, none with a number"
    first, last = plain(round(numbers[0], 3)), plain(round(numbers[-1], 3))
    constant = {*numbers} == {numbers[0]}
    if constant and passed == len(trend):
        return f"{len(trend)} runs, always {first}"
    return f"{len(trend)} runs, {every} passed, {f'always {first}' if constant else f'{first} to {last}'}"
