"""The variable `environment_calendar` as it is typed, checked into the form that `calendar.py` works with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ..refusal import Refusal
from ..shapes import known_keys
from .calendar import DAYS, moment

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_MOMENT = "a time in UTC, such as 2026-12-20T00:00Z"


def checked(raw: Any, where: str) -> dict[str, Any]:
    """Return the calendar in its checked form; raises `Refusal` that names the key and what it may be."""
    if not isinstance(raw, Mapping):
        raise Refusal(f"{where} is {type(raw).__name__}", "a mapping with freezes and windows")
    known_keys(raw, ("freezes", "windows"), where)
    return {
        "freezes": [_freeze(one, f"{where}.freezes[{n}]") for n, one in enumerate(_list(raw, "freezes", where))],
        "windows": [_window(one, f"{where}.windows[{n}]") for n, one in enumerate(_list(raw, "windows", where))],
    }


def _freeze(raw: Any, where: str) -> dict[str, str]:
    one = _mapping(raw, ("from", "until", "reason"), where)
    begin, end = (_moment(one[key], f"{where}.{key}") for key in ("from", "until"))
    if begin >= end:
        raise Refusal(f"{where} ends before it begins", "from before until")
    reason = str(one["reason"] or "").strip()
    if not reason or not reason.isprintable():
        raise Refusal(f"{where} has no reason", "one line that says why")
    return {"from": f"{begin:%Y-%m-%dT%H:%MZ}", "until": f"{end:%Y-%m-%dT%H:%MZ}", "reason": reason}


def _window(raw: Any, where: str) -> dict[str, Any]:
    one = _mapping(raw, ("days", "from", "until"), where)
    days = one["days"]
    if not isinstance(days, list) or not days or any(day not in DAYS for day in days):
        raise Refusal(f"{where}.days is {days!r}", f"a list of {', '.join(DAYS)}")
    begin, end = (_minutes(one[key], f"{where}.{key}") for key in ("from", "until"))
    if begin >= end:
        raise Refusal(f"{where} ends before it begins", "two windows for one that goes over midnight (24:00 is an end)")
    return {"days": sorted(DAYS.index(day) for day in days), "from": begin, "until": end}


def _moment(raw: Any, where: str) -> datetime:
    if isinstance(raw, datetime):
        return (raw if raw.tzinfo else raw.replace(tzinfo=UTC)).astimezone(UTC)
    try:
        return moment(raw.isoformat() if isinstance(raw, date) else str(raw))
    except ValueError:
        raise Refusal(f"{where} is {raw!r}", _MOMENT) from None


def _minutes(raw: Any, where: str) -> int:
    # YAML 1.1 reads an unquoted 09:30 as the number 570, which is what is meant
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= 1440:
        return raw
    found = _CLOCK.fullmatch(raw) if isinstance(raw, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if not 0 <= minutes <= 1440:
        raise Refusal(f"{where} is {raw!r}", "a time of day in UTC, such as '09:30'")
    return minutes


def _list(raw: Mapping[str, Any], key: str, where: str) -> list[Any]:
    found = raw.get(key) or []
    if not isinstance(found, list):
        raise Refusal(f"{where}.{key} is {type(found).__name__}", "a list")
    return found


def _mapping(raw: Any, keys: tuple[str, ...], where: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping) or any(raw.get(key) is None for key in keys):
        raise Refusal(f"{where} is {raw!r}", f"a mapping with {', '.join(keys)}")
    known_keys(raw, keys, where)
    return raw
