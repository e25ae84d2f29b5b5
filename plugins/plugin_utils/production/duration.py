"""How long something takes, by what the ledger says it took the last time; in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def words(seconds: float) -> str:
    """Return seconds in the unit that a person would choose."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


def last(own: Sequence[Mapping[str, Any]], event: str, key: str, what: str) -> str:
    """Return how long the newest `event` took by its `data[key]`; that it was never measured where none says so."""
    found = [(one.get("data") or {}).get(key) for one in own if one.get("event") == event]
    measured = [one for one in found if isinstance(one, (int, float)) and not isinstance(one, bool)]
    return f"{words(measured[-1])} the last time" if measured else f"no {what} was measured yet"


def of_deploy(own: Sequence[Mapping[str, Any]]) -> str:
    """Return how long the newest deploy took, in production if there was one, and the gap it had."""
    deploys = [one for one in own if one.get("event") == "deployed" and (one.get("data") or {}).get("receipt")]
    chosen = [one for one in deploys if one.get("environment") == "production"] or deploys
    if not chosen:
        return "no deploy was measured yet"
    receipt: Mapping[str, Any] = chosen[-1]["data"]["receipt"]
    seconds = sum(one for one in (receipt.get("seconds") or {}).values() if isinstance(one, (int, float)))
    gap = receipt.get("gap_seconds")
    lost = f", with a gap of {gap:.1f} s" if isinstance(gap, (int, float)) and gap else ""
    return f"{words(seconds)} the last time, in {chosen[-1]['environment']}{lost}"
