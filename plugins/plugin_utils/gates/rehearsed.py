"""Whether a rehearsal that the ledger tells of still counts: not for ever, and not a quick one where data matter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .soak import moment

_UNNAMED = "nobody can say until when it counts"


def problems(entry: Mapping[str, Any], component: Mapping[str, Any], now: datetime) -> list[str]:
    """Return why an entry of the event `rehearsed` says nothing any more; of another event, only whether it expired.

    `component` is the catalogue's entry.
    """
    data = entry.get("data") or {}
    rehearsed = entry.get("event") == "rehearsed"
    found = _expired(data, entry, now, required=rehearsed)
    if not rehearsed:
        return found
    if component.get("kind") == "stateful" and data.get("mode") != "full" and not data.get("first"):
        found.append(f"the rehearsal of {entry.get('at')} left the data alone (mode {data.get('mode')}): it keeps data")
    if data.get("clean") is False:
        why = "; ".join(str(one) for one in data.get("why") or []) or "it could not come back"
        found.append(f"the rehearsal of {entry.get('at')} left staging dirty: {why}")
    return found + [str(one) for one in data.get("inconclusive") or []]


def _expired(data: Mapping[str, Any], entry: Mapping[str, Any], now: datetime, *, required: bool) -> list[str]:
    if not data.get("expires"):
        return (
            [f"the ledger's {entry.get('event')} of {entry.get('at')} does not say until when it counts"]
            if required
            else []
        )
    try:
        expires = moment(str(data["expires"]))
    except ValueError:
        return [
            f"the ledger's {entry.get('event')} of {entry.get('at')} is worth until {data['expires']!r}: {_UNNAMED}"
        ]
    return (
        [f"the ledger's {entry.get('event')} of {entry.get('at')} expired on {data['expires']}"]
        if expires <= now
        else []
    )
