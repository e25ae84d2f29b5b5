"""Days, as the tracking writes them: UTC, YYYY-MM-DD."""

from __future__ import annotations

from datetime import date, timedelta

DAYS_IN_STAGING = 7
"""The guide: "minimum 7 days from now"."""


def day(moment: str) -> str:
    """The day of a point in time as the ledger writes it (``2026-11-20T08:45:01Z``)."""
    return date.fromisoformat(moment[:10]).isoformat()


def earliest_production(promoted: str) -> str:
    """The first day on which a component promoted to staging at ``promoted`` may go to production."""
    return (date.fromisoformat(promoted[:10]) + timedelta(days=DAYS_IN_STAGING)).isoformat()
