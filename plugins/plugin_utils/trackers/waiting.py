"""How long GitHub wants to be left alone.

https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 or 429; `retry-after` in seconds, else
`x-ratelimit-reset` in seconds since 1970 when `x-ratelimit-remaining` is 0, else a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

_UNSAID = 60.0
_LONGEST = 86400.0


def rate_limited(status: int, headers: Mapping[str, str], value: Any) -> float | None:
    """Return seconds to wait, or None when the answer is about something else."""
    said = str(value.get("message") if isinstance(value, Mapping) else "").lower()
    exhausted = headers.get("x-ratelimit-remaining") == "0"
    limited = status == 429 or (status == 403 and (exhausted or "retry-after" in headers or "rate limit" in said))
    if not limited:
        return None
    if (after := _seconds(headers.get("retry-after"))) is not None:
        return after
    reset = _seconds(headers.get("x-ratelimit-reset"), most=float("inf"))
    if exhausted and reset is not None:
        return min(_LONGEST, max(1.0, reset - _now(headers) + 1))
    return _UNSAID


def _seconds(text: str | None, most: float = _LONGEST) -> float | None:
    return min(most, float(text)) if text and text.strip().isdigit() else None


def _now(headers: Mapping[str, str]) -> float:
    """Return GitHub's own time: this machine's clock may be wrong."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (TypeError, ValueError):
        return 0.0
