"""Points in time as the ledger writes them: UTC, ISO 8601, whole seconds unless asked otherwise."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> str:
    """Return the present moment, such as ``2026-11-20T08:45:01Z``."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(moment: str) -> float:
    """Return a moment as the ledger writes it in seconds since 1970."""
    return datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()
