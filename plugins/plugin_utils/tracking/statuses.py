"""The way of a promotion request: requested → in-review → approved → completed, or blocked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

STATUSES = ("requested", "in-review", "approved", "completed", "blocked")
History = list[dict[str, Any]]


def judged(
    before: Sequence[Mapping[str, Any]],
    judgement: Mapping[str, Any],
    operation: Mapping[str, Any],
    ledger: Sequence[Mapping[str, Any]],
) -> History:
    """Return the way after a judgement; the same result as before adds nothing.

    The gates approve a promotion to staging. One to production a person approves, which the ledger knows (`approved`);
    until then it is in review.
    """
    by = {"at": operation["asked_at"], "by": operation["actor"], "run": operation["run"]}
    if not judgement.get("promotable", True):
        status = "blocked"
    elif operation["stage_wanted"] == "production" and not approval(ledger, operation):
        status = "in-review"
    else:
        status = "approved"
    history = [dict(one) for one in before] or [{"status": "requested", **by}]
    if history[-1]["status"] != status:
        history = moved(history, "in-review", by)
    return moved(history, status, by)


def moved(before: Sequence[Mapping[str, Any]], status: str, by: Mapping[str, Any]) -> History:
    """Return the way one step on; ``by`` is ``{at, by, run, why}``. Standing still adds nothing."""
    history = [dict(one) for one in before]
    return history if history and history[-1]["status"] == status else [*history, {"status": status, **by}]


def approval(ledger: Sequence[Mapping[str, Any]], operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the latest entry by which a person approved exactly this artifact for the stage."""
    found: Mapping[str, Any] | None = None
    for one in ledger:
        own = one["component"] == operation["component"] and one["event"] == "approved"
        same = (one.get("artifact") or {}).get("tree") == operation["artifact"]["tree"]
        if own and same and (one.get("data") or {}).get("stage") == operation["stage_wanted"]:
            found = one
    return found


def promoted(ledger: Sequence[Mapping[str, Any]], component: str, stage: str) -> Mapping[str, Any] | None:
    """Return what the component's latest promotion to a stage recorded (``data`` of the entry)."""
    found = [
        one["data"]
        for one in ledger
        if one["event"] == "promoted" and one["component"] == component and one["environment"] == stage and one["data"]
    ]
    return found[-1] if found else None
