"""Points in time as the ledger writes them: UTC, ISO 8601, whole seconds unless asked otherwise."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> str:
    """Return the present moment, such as ``2026-11-20T08:45:01Z``."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
