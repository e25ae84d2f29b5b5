"""How long a component has been in staging with exactly one artifact, by the ledger's entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Entry = Mapping[str, Any]
DAY = timedelta(days=1)
# No rehearsal is declared for longer (host/rehearsal/mark.py); what claims to be is none.
LONGEST_REHEARSAL = timedelta(hours=4)
_ARRIVALS = ("deployed", "returned", "promoted")


def tree_of(entry: Entry) -> str:
    """Return the tree hash of an entry's artifact, empty where it has none."""
    return str((entry.get("artifact") or {}).get("tree") or "")


def time_of(entry: Entry) -> datetime:
    """Return an entry's time; raises `ValueError` when it has none that can be read."""
    return moment(str(entry.get("at")))


def moment(text: str) -> datetime:
    """Return a time as the ledger writes it; raises `ValueError` when it cannot be read."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stay:
    """Since which promotion exactly one artifact has been there without a break; `ended` by which entry it was not."""

    since: Entry | None
    ended: Entry | None


def stay(entries: Iterable[Entry], environment: str, tree: str, now: datetime | None = None) -> Stay:
    """Return the artifact's present stay in an environment; `entries` are the component's own, oldest first.

    Another artifact deployed, returned to or promoted there, a removal and a demotion end it; to be promoted again
    meanwhile does not start it anew. A rehearsal of the way back does not end it if the artifact is back before the
    time that was declared for it is over; one that is still away then (`now`: by default this moment) has left.
    """
    since: Entry | None = None
    ended: Entry | None = None
    away: Entry | None = None
    for entry in entries:
        if entry.get("environment") != environment:
            continue
        event = entry.get("event")
        leaves = event in ("removed", "demoted") or (event in _ARRIVALS and tree_of(entry) != tree)
        arrives = event in _ARRIVALS and not leaves
        if away and (arrives or event == "demoted") and time_of(entry) > _declared(away):
            since, ended, away = None, away, None
        if arrives:
            away = None
        if leaves and since and _is_rehearsal(entry):
            away = away or entry
        elif leaves:
            since, ended, away = None, entry if since else ended, None
        elif event == "promoted" and since is None:
            since = entry
    if away and (now or datetime.now(UTC)) > _declared(away):
        return Stay(None, away)
    return Stay(since, ended)


def days_between(since: datetime, now: datetime) -> float:
    """Return the days, cut to two decimals: 6.999 days are not 7."""
    return int((now - since) / DAY * 100) / 100


def _is_rehearsal(entry: Entry) -> bool:
    return bool((entry.get("data") or {}).get("rehearsal")) and entry.get("event") != "demoted"


def _declared(away: Entry) -> datetime:
    """Return until when an artifact may be away for a rehearsal; what declares no time that can be read has none."""
    left = time_of(away)
    try:
        until = moment(str((away.get("data") or {}).get("rehearsal_until")))
    except ValueError:
        return left
    return min(until, left + LONGEST_REHEARSAL)
