"""How long a component has been in staging with exactly one artifact, by the ledger's entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Entry = Mapping[str, Any]
DAY = timedelta(days=1)
_ARRIVALS = ("deployed", "returned", "promoted")


def tree_of(entry: Entry) -> str:
    """Return the tree hash of an entry's artifact, empty where it has none."""
    return str((entry.get("artifact") or {}).get("tree") or "")


def time_of(entry: Entry) -> datetime:
    """Return an entry's time; raises `ValueError` when it has none that can be read."""
    at = datetime.fromisoformat(str(entry.get("at")).replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stay:
    """Since which promotion exactly one artifact has been there without a break; `ended` by which entry it was not."""

    since: Entry | None
    ended: Entry | None


def stay(entries: Iterable[Entry], environment: str, tree: str) -> Stay:
    """Return the artifact's present stay in an environment; `entries` are the component's own, oldest first.

    Another artifact deployed, returned to or promoted there, a removal and a demotion end it; to be promoted again
    meanwhile does not start it anew.
    """
    since: Entry | None = None
    ended: Entry | None = None
    for entry in entries:
        if entry.get("environment") != environment:
            continue
        event = entry.get("event")
        if event in ("removed", "demoted") or (event in _ARRIVALS and tree_of(entry) != tree):
            since, ended = None, entry if since else ended
        elif event == "promoted" and since is None:
            since = entry
    return Stay(since, ended)


def days_between(since: datetime, now: datetime) -> float:
    """Return the days, cut to two decimals: 6.999 days are not 7."""
    return int((now - since) / DAY * 100) / 100
