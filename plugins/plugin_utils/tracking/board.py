"""A component's card on the project board, and the milestone of its way to production. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import dates
from .blockers import BLOCKING
from .issue import BLOCKER, is_open, of


def card(
    operation: Mapping[str, Any],
    stage: str,
    target: str | None,
    coverage: Mapping[str, Any],
    entries: Sequence[Mapping[str, Any]],
    at: str,
) -> dict[str, Any]:
    """Return `{column, fields}`; `entries` are the tracked issues as they will be, `target` the stage asked for."""
    entry = operation["entry"]
    still = [one for one in of(entries, BLOCKER, operation["component"]) if is_open(one)]
    percent = coverage.get("integration" if stage == "production" else "unit")
    return {
        "column": stage.capitalize(),
        "fields": {
            "Functional Group": entry["group"] or None,
            "Current Stage": stage.capitalize(),
            "Target Stage": target.capitalize() if target else None,
            "Promotion Blocker Count": len(still),
            "Test Coverage": round(percent, 1) if percent is not None else None,
            "Last Updated": dates.day(at),
            "Owner": entry["owner"] or None,
            "Priority": priority(still),
            "Dependencies": ", ".join(entry["depends"]) or None,
        },
    }


def priority(still_open: Sequence[Mapping[str, Any]]) -> str:
    """P0: nothing stands in the way; P1: one or two things that block; P2: more of them."""
    number = sum((one.get("fields") or {}).get("severity") in BLOCKING for one in still_open)
    return "P0" if not number else "P1" if number <= 2 else "P2"


def milestone(component: str, promoted: str, *, reached: bool = False) -> dict[str, Any]:
    """Return the milestone to production, for a component promoted to staging at `promoted`."""
    until = dates.earliest_production(promoted)
    return {
        "title": f"{component[:1].upper()}{component[1:]} → Production Promotion",
        "due": until,
        "description": f"At least {dates.DAYS_IN_STAGING} days in staging, since {dates.day(promoted)}.",
        "state": "closed" if reached else "open",
    }
