"""What an act did to its users, from the samples of its prober. Pure: samples and moments in, numbers and words out."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Sequence

from .prober import Sample


def summary(samples: Sequence[Sample], touched: Optional[float], moved: Optional[float]) -> Dict[str, Any]:
    """Return ``{requests, failures, longest_gap_seconds, before, during, after}``.

    The act began to change something at ``touched`` and had moved all traffic at ``moved``; None: it did not get there.
    Each phase is ``{requests, failures, p50_ms, p99_ms}``; milliseconds count answered requests only, from the
    moment at which a request should have been sent.
    """
    first = math.inf if touched is None else touched
    last = math.inf if moved is None else moved
    return {
        "requests": len(samples),
        "failures": sum(not one.ok for one in samples),
        "longest_gap_seconds": longest_gap(samples),
        "before": _phase([one for one in samples if one.begun < first]),
        "during": _phase([one for one in samples if first <= one.begun < last]),
        "after": _phase([one for one in samples if one.begun >= max(first, last)]),
    }


def longest_gap(samples: Sequence[Sample]) -> float:
    """Return the longest time without an answer in which a request failed: from the last answer to the next one.

    0.0 when none failed. An answer counts from when it came, a failure from when it was asked for.
    """
    longest, good, failing = 0.0, samples[0].begun if samples else 0.0, False
    events = sorted((one.ended, one) for one in samples)
    for ended, one in events:
        if one.ok:
            longest = max(longest, ended - good) if failing else longest
            good, failing = ended, False
        else:
            failing = True
    if failing:
        longest = max(longest, events[-1][0] - good)
    return round(longest, 2)


def _phase(samples: List[Sample]) -> Dict[str, Any]:
    times = sorted((one.ended - one.begun) * 1000 for one in samples if one.ok)
    return {
        "requests": len(samples),
        "failures": len(samples) - len(times),
        "p50_ms": _percentile(times, 50),
        "p99_ms": _percentile(times, 99),
    }


def _percentile(times: Sequence[float], percent: int) -> Optional[float]:
    if not times:
        return None
    return round(times[math.ceil(len(times) * percent / 100) - 1], 1)


def sentence(found: Optional[Dict[str, Any]]) -> str:
    """Return the words for the first line, such as ``; 0 of 812 requests failed``; nothing when nobody probed."""
    if not found or not found["requests"]:
        return ""
    gap = f", the longest gap {found['longest_gap_seconds']:g} s" if found["failures"] else ""
    return f"; {found['failures']} of {found['requests']} requests failed{gap}"
