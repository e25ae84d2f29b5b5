"""Uptime by slots of a minute: each is up, down or unknown, and time in which nobody looked is never up. Pure.

lower = up / (expected - maintenance), upper = (up + unknown) / the same. Both are cut to two decimals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional

SLOT_S = 60
DAY = 1440  # slots
WEEK = 7 * DAY
UP, DOWN, UNKNOWN, MAINTENANCE = "up", "down", "unknown", "maintenance"
STATES = (UP, DOWN, UNKNOWN, MAINTENANCE)
WANTED = 99.5
PASS, FAIL, INCONCLUSIVE = "pass", "fail", "inconclusive"


class Span(NamedTuple):
    """A run of slots in one state: from `begin` up to, and without, `end`; `reason` says why, where that is known."""

    begin: int
    end: int
    state: str
    reason: str = ""

    @property
    def length(self) -> int:
        """How many slots it has."""
        return self.end - self.begin


@dataclass(frozen=True)
class Uptime:
    """Counts of slots, and the percents between which the truth lies; None when nothing was to be expected."""

    expected: int
    up: int
    down: int
    unknown: int
    maintenance: int

    @property
    def counted(self) -> int:
        """The slots that count: those expected, without maintenance."""
        return self.expected - self.maintenance

    @property
    def lower(self) -> Optional[float]:
        """The percent that was certainly up."""
        return _percent(self.up, self.counted)

    @property
    def upper(self) -> Optional[float]:
        """The percent that was up at most."""
        return _percent(self.up + self.unknown, self.counted)

    def verdict(self, wanted: float = WANTED, least: int = WEEK) -> str:
        """Return pass, fail or inconclusive; fewer than `least` expected slots can fail, but never pass."""
        if self.lower is None or self.upper is None:
            return INCONCLUSIVE
        if self.upper < wanted and self.down > self.budget(wanted, least):
            return FAIL
        return PASS if self.lower >= wanted and self.expected >= least else INCONCLUSIVE

    def budget(self, wanted: float = WANTED, least: int = WEEK) -> int:
        """Return how many slots may be down in all of `least` slots, or of those that count when there are more."""
        return math.floor(max(self.counted, least - self.maintenance) * (100 - wanted) / 100 + 1e-9)

    def left(self, wanted: float = WANTED, least: int = WEEK) -> int:
        """Return the error budget that is left, in slots; unknown ones are taken from it as if they had been down."""
        return self.budget(wanted, least) - self.down - self.unknown

    def told(self) -> Dict[str, Any]:
        """Return the counts, the percents and the verdict by the keys of the ledger's event `observed`."""
        return {
            "slots": self.expected,
            "up": self.up,
            "down": self.down,
            "unknown": self.unknown,
            "maintenance": self.maintenance,
            "uptime_percent": self.lower,
            "upper_percent": self.upper,
            "verdict": self.verdict(),
        }


def _percent(part: int, whole: int) -> Optional[float]:
    return part * 10000 // whole / 100 if whole > 0 else None


def spans(begin: int, end: int, known: Iterable[Span], absent: Callable[[int], str] = lambda _: "") -> List[Span]:
    """Return the whole time from `begin` to `end` as spans without gaps; what is not `known` is unknown.

    `known` are in order and do not overlap; `absent` says of a slot why nothing is known of it.
    """
    found: List[Span] = []
    at = begin
    for one in known:
        first, last = max(one.begin, begin), min(one.end, end)
        if first >= last:
            continue
        if first > at:
            _add(found, Span(at, first, UNKNOWN, absent(at)))
        _add(found, Span(max(first, at), last, one.state, one.reason))
        at = max(at, last)
    if at < end:
        _add(found, Span(at, end, UNKNOWN, absent(at)))
    return found


def _add(found: List[Span], span: Span) -> None:
    if found and (found[-1].state, found[-1].reason, found[-1].end) == (span.state, span.reason, span.begin):
        found[-1] = found[-1]._replace(end=span.end)
    elif span.length > 0:
        found.append(span)


def without(given: Iterable[Span], windows: Iterable[Span]) -> List[Span]:
    """Return the spans with `windows` of maintenance laid over them: what happens in those counts neither way."""
    found: List[Span] = []
    over = sorted(windows)
    for span in given:
        at = span.begin
        for window in over:
            first, last = max(window.begin, at), min(window.end, span.end)
            if first >= last:
                continue
            _add(found, span._replace(begin=at, end=first))
            _add(found, Span(first, last, MAINTENANCE, window.reason))
            at = last
        _add(found, span._replace(begin=at))
    return found


def uptime(given: Iterable[Span]) -> Uptime:
    """Count the slots of spans."""
    counts = dict.fromkeys(STATES, 0)
    for span in given:
        counts[span.state] += span.length
    return Uptime(sum(counts.values()), counts[UP], counts[DOWN], counts[UNKNOWN], counts[MAINTENANCE])


def by_day(given: Iterable[Span]) -> Dict[int, Dict[str, int]]:
    """Return `{day: {state: slots}}`; a day is the number of days since 1970, UTC."""
    days: Dict[int, Dict[str, int]] = {}
    for span in given:
        at = span.begin
        while at < span.end:
            last = min(span.end, (at // DAY + 1) * DAY)
            counts = days.setdefault(at // DAY, dict.fromkeys(STATES, 0))
            counts[span.state] += last - at
            at = last
    return days


def told(given: Iterable[Span]) -> List[List[Any]]:
    """Return spans as results have them: `[begin, slots, state, reason]`."""
    return [[span.begin, span.length, span.state, span.reason] for span in given]
