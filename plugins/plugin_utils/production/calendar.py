"""When production may be changed: by freezes, weekly windows and declared maintenance.

A calendar (see `calendar_shape.py`) is `{freezes: [{from, until, reason}], windows: [{days, from, until}]}`: times of
freezes are ISO 8601 in UTC; of windows days (Monday is 0) and minutes of the day in UTC. Without windows every time is
one. A maintenance (an event of the ledger, declared beforehand) opens like a window; a freeze closes whatever is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FAR = timedelta(days=400)

Calendar = Mapping[str, Any]
Entry = Mapping[str, Any]


def closed(calendar: Calendar, ledger: Iterable[Entry], now: datetime) -> list[str]:
    """Return why production may not be changed at `now`, a sentence a cause; empty when it may."""
    found = [
        f"production is frozen from {one['from']} until {one['until']}: {one['reason']}"
        for one in calendar.get("freezes", ())
        if moment(one["from"]) <= now < moment(one["until"])
    ]
    if not _is_open(calendar, ledger, now):
        found.append(f"it is {now:%a %H:%M} UTC, outside of the windows {in_words(calendar)}")
    return found


def opens(calendar: Calendar, ledger: Iterable[Entry], now: datetime) -> datetime | None:
    """Return the first moment from `now` on at which production may be changed; None: not within 400 days."""
    entries = list(ledger)
    candidates = sorted({now, *_openings(calendar, entries, now)})
    return next((one for one in candidates if not closed(calendar, entries, one)), None)


def in_words(calendar: Calendar) -> str:
    """Return the windows as a person reads them."""
    return "; ".join(
        f"{', '.join(DAYS[day] for day in one['days'])} {_clock(one['from'])}–{_clock(one['until'])}"
        for one in calendar.get("windows", ())
    )


def moment(text: str) -> datetime:
    """Return a time in UTC; raises `ValueError`."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _is_open(calendar: Calendar, ledger: Iterable[Entry], now: datetime) -> bool:
    windows = calendar.get("windows", ())
    minutes = now.hour * 60 + now.minute
    inside = any(now.weekday() in one["days"] and one["from"] <= minutes < one["until"] for one in windows)
    return not windows or inside or any(begin <= now < end for begin, end in _maintenance(ledger))


def _openings(calendar: Calendar, ledger: Iterable[Entry], now: datetime) -> Iterator[datetime]:
    yield from (moment(one["until"]) for one in calendar.get("freezes", ()) if moment(one["until"]) > now)
    yield from (begin for begin, _ in _maintenance(ledger) if begin > now)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(FAR.days):
        day = midnight + timedelta(days=number)
        for one in calendar.get("windows", ()):
            begin = day + timedelta(minutes=one["from"])
            if day.weekday() in one["days"] and begin > now:
                yield begin


def _maintenance(ledger: Iterable[Entry]) -> Iterator[tuple[datetime, datetime]]:
    for entry in ledger:
        data = entry.get("data") or {}
        if entry.get("event") == "maintenance" and entry.get("environment") == "production" and data.get("until"):
            yield moment(str(data["from"])), moment(str(data["until"]))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
