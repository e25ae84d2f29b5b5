"""Demotes by itself what has lost the right to its stage: called once a day by the host's schedule.

The stage is lowered, and an incident left for the tracker. What runs goes on running: its users did not lose a waiver.
"""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, Optional

from .. import times
from ..state import State
from .due import Due, due

WHO = "tta-ops demote-due"


def demote(state: State, environment: Optional[str] = None) -> Dict[str, Any]:
    """Write ``demoted`` and ``incident`` for all that is due, once each; return who was demoted and why."""
    found: List[Due] = []
    for name in [environment] if environment else state.environments():
        if name not in ("staging", "production"):
            continue
        ledger = state.ledger(name)
        for one in due(ledger.checked().entries, name, times.now()[:10]):
            _write(state, one)
            found.append(one)
    said = "; ".join(f"{one.component} → {one.stage}: {one.why}" for one in found) or "nothing is to be demoted"
    demoted = [{"component": one.component, "stage": one.stage, "cause": one.cause, "why": one.why} for one in found]
    return {"changed": bool(found), "failed": False, "demoted": demoted, "message": said}


def _write(state: State, one: Due) -> None:
    # the same cause of the same promotion is the same run, so that it is written once however often it is found
    token = hashlib.sha256(f"{one.entry['hash']} {one.cause} {one.since}".encode()).hexdigest()[:12]
    facts: Dict[str, Any] = {
        "component": one.component,
        "release": one.entry["release"],
        "artifact": one.entry["artifact"],
        "actor": WHO,
        "reason": one.why,
        "run": f"demote-{one.cause}-{token}",
    }
    ledger = state.ledger(one.environment)
    details = {"why": one.why, "from": one.environment, "to": one.stage, "promotion": one.entry["run"]}
    incident = {
        "kind": "demotion",
        "trigger": one.cause,
        "severity": "high",
        "from_release": one.entry["release"],
        "to_release": one.entry["release"],
        "first_bad": one.since,
        "details": details,
    }
    # the incident first: a crash between the two leaves what is due to be found again
    ledger.append("incident", **facts, data=incident)
    ledger.append(
        "demoted", **facts, data={"stage": one.stage, "automatic": True, "cause": one.cause, "details": details}
    )
