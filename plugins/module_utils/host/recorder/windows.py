"""Maintenance windows: declared beforehand in the ledger, capped, never backdated. Pure.

Of a window only what lies after its declaration counts, and of all windows of seven days no more than the cap.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, Iterable, List

from ..errors import UsageError
from .slots import MAINTENANCE, SLOT_S, WEEK, Span

CAP = 4 * 60  # slots of maintenance in any seven days; 4 hours are 2.4 % of a week
LONGEST = CAP
SOONEST_S, LATEST_S = 60, 60 * 86400


def moment(text: str) -> float:
    """Return seconds since 1970 of a time such as 2026-11-20T08:45:01Z or 2026-11-20T08:45; without a zone: UTC."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise UsageError(f"{text!r} is no time: wanted is one such as 2026-11-20T22:00Z") from error
    return (found if found.tzinfo else found.replace(tzinfo=timezone.utc)).timestamp()


def text_of(seconds: float) -> str:
    """Return seconds since 1970 as the ledger writes times."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_of(seconds: float) -> str:
    """Return seconds since 1970 as a person says it: Tuesday, 17 Nov, 03:00."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%A, %d %b, %H:%M")


def checked(begin: str, end: str, now: float, declared: Iterable[Dict[str, Any]]) -> Dict[str, str]:
    """Return `{from, until}` of a window that may be declared now; raises `UsageError` for one that may not.

    `declared` are the entries of those declared before.
    """
    first, last = moment(begin), moment(end)
    if first < now + SOONEST_S:
        raise UsageError(f"maintenance from {text_of(first)} is not declared beforehand: it is {text_of(now)} now")
    if first > now + LATEST_S:
        raise UsageError(f"maintenance from {text_of(first)} is more than {LATEST_S // 86400} days ahead")
    if last <= first:
        raise UsageError(f"maintenance ends at {text_of(last)}, before it begins at {text_of(first)}")
    wanted = Span(_slot(first), _up(last), MAINTENANCE)
    if wanted.length > LONGEST:
        raise UsageError(f"maintenance of {wanted.length} minutes is too long: at most {LONGEST} in seven days count")
    total = [*windows(declared), wanted]
    taken = _most_in_a_week(total)
    if taken > CAP:
        raise UsageError(f"{taken} minutes of maintenance would lie within seven days: at most {CAP} count")
    return {"from": text_of(first), "until": text_of(last)}


def windows(entries: Iterable[Dict[str, Any]]) -> List[Span]:
    """Return the windows that `maintenance` entries of the ledger declare, cut to what counts, in order."""
    found: List[Span] = []
    for entry in entries:
        data = entry.get("data") or {}
        if entry.get("event") != "maintenance" or not data.get("from") or not data.get("until"):
            continue
        try:
            declared, first, last = moment(str(entry["at"])), moment(str(data["from"])), moment(str(data["until"]))
        except UsageError:
            continue  # what nobody can read excuses nothing
        span = Span(max(_slot(first), _up(declared)), _up(last), MAINTENANCE, str(data.get("reason") or "maintenance"))
        found += _apart(span, found)
    return _capped(sorted(found))


def _apart(span: Span, others: Iterable[Span]) -> List[Span]:
    """Return the parts of a window that no other one covers."""
    parts = [span] if span.length > 0 else []
    for other in others:
        cut = []
        for part in parts:
            cut.append(part._replace(end=min(part.end, other.begin)))
            cut.append(part._replace(begin=max(part.begin, other.end)))
        parts = [part for part in cut if part.length > 0]
    return parts


def _capped(given: List[Span]) -> List[Span]:
    kept: List[Span] = []
    for span in given:
        room = min(CAP - _overlap(kept, span.end - WEEK, span.end), span.length)
        if room > 0:
            kept.append(span._replace(end=span.begin + room))
    return kept


def _most_in_a_week(given: List[Span]) -> int:
    return max(_overlap(given, span.end - WEEK, span.end) for span in given)


def _overlap(given: Iterable[Span], begin: int, end: int) -> int:
    return sum(max(0, min(span.end, end) - max(span.begin, begin)) for span in given)


def _slot(seconds: float) -> int:
    return int(seconds // SLOT_S)


def _up(seconds: float) -> int:
    return -int(-seconds // SLOT_S)
