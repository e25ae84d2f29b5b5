"""When could it be: the earliest time at which seven days of exactly this artifact may have been up enough. Pure."""

from __future__ import annotations

from typing import Iterable, List

from .slots import DOWN, UNKNOWN, WANTED, WEEK, Span, Uptime


def earliest(given: Iterable[Span], begin: int, now: int, wanted: float = WANTED) -> int:
    """Return the slot from which on the last seven days pass, if from `now` on all is up.

    `given` are the spans of the stay, which began at `begin`. What is down or unknown has to leave the seven days, as
    far as the error budget does not cover it.
    """
    bad = [span for span in given if span.state in (DOWN, UNKNOWN)]
    first, last = max(now, begin + WEEK), max(now, begin) + WEEK
    while first < last:
        middle = (first + last) // 2
        if _passes(bad, middle, now, wanted):
            last = middle
        else:
            first = middle + 1
    return first


def _passes(bad: List[Span], end: int, now: int, wanted: float) -> bool:
    lost = sum(max(0, min(span.end, now) - max(span.begin, end - WEEK)) for span in bad)
    found = Uptime(WEEK, WEEK - lost, lost, 0, 0)
    return found.lower is not None and found.lower >= wanted
