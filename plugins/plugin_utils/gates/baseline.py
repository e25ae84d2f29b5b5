"""Baselines: what a relative objective compares with, the last passing results of the same gate and component."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .comparison import is_number
from .errors import DefinitionError

MOST_RESULTS = 50
AGGREGATES = {"avg": 0.0, "p50": 0.5, "p90": 0.9, "p95": 0.95}
_ALLOWED = f"a mapping of `results` (1 to {MOST_RESULTS}) and `aggregate` (one of {', '.join(AGGREGATES)})"


@dataclass(frozen=True)
class How:
    """How a baseline is made: of how many of the last passing results, by which aggregate."""

    results: int = 5
    aggregate: str = "avg"


@dataclass(frozen=True)
class Baseline:
    """A baseline with the results behind it, newest first, each a run and what it found; None without any."""

    aggregate: str
    value: float | None
    results: tuple[tuple[str, float], ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as a verdict has it."""
        results = [{"run": run, "found": found} for run, found in self.results]
        return {"aggregate": self.aggregate, "value": self.value, "results": results}


def of(results: Iterable[tuple[str, float]], how: How) -> Baseline:
    """Return the baseline of passing results, newest first; what is no finite number was no result."""
    taken = [(run, found) for run, found in results if is_number(found)][: how.results]
    value = _aggregated([float(found) for _, found in taken], how.aggregate)
    return Baseline(how.aggregate, value, tuple(taken))


def from_json(raw: Mapping[str, Any] | None) -> Baseline | None:
    """Return what `as_json` wrote."""
    if raw is None:
        return None
    results = tuple((str(one["run"]), one["found"]) for one in raw["results"])
    return Baseline(str(raw["aggregate"]), raw["value"], results)


def parse(raw: Any, where: str) -> How:
    """Return what a definition says in `baseline`; raises `DefinitionError`."""
    if not isinstance(raw, dict) or not {*raw} <= {"results", "aggregate"}:
        raise DefinitionError(where, f"is {raw!r}", _ALLOWED)
    how = How(**raw)
    if isinstance(how.results, bool) or not isinstance(how.results, int) or not 1 <= how.results <= MOST_RESULTS:
        raise DefinitionError(f"{where.removesuffix(',')}.results,", f"is {how.results!r}", f"1 to {MOST_RESULTS}")
    if not isinstance(how.aggregate, str) or how.aggregate not in AGGREGATES:
        wanted = f"one of {', '.join(AGGREGATES)}"
        raise DefinitionError(f"{where.removesuffix(',')}.aggregate,", f"is {how.aggregate!r}", wanted)
    return how


def _aggregated(numbers: list[float], aggregate: str) -> float | None:
    """Return the average, or the percentile as Keptn interpolates it: at p × (n + 1), within the numbers there are."""
    if not numbers:
        return None
    if aggregate == "avg":
        try:
            return math.fsum(numbers) / len(numbers)
        except OverflowError:
            return None
    ordered = sorted(numbers)
    position = AGGREGATES[aggregate] * (len(ordered) + 1)
    below = min(max(int(position), 1), len(ordered))
    above = min(below + 1, len(ordered)) if position >= 1 else below
    lower, upper = ordered[below - 1], ordered[above - 1]
    return lower + (position - math.floor(position)) * (upper - lower) if upper != lower else lower
