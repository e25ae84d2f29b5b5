"""Verdicts: a decision with all that belongs to it, as evidence and reports have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from .baseline import Baseline
from .decision import FAIL as FAIL
from .decision import INCONCLUSIVE as INCONCLUSIVE
from .decision import MOST_SENTENCES as MOST_SENTENCES
from .decision import NO_BASELINE as NO_BASELINE
from .decision import PASS as PASS
from .decision import Decision as Decision
from .decision import decide as decide
from .definition import Gate
from .measurement import Measurement


def verdict(
    gate: Gate,
    measurement: Measurement,
    artifact: Mapping[str, Any],
    by_hand: str,
    earned: datetime,
    seconds: float,
    baseline: Baseline | None = None,
) -> dict[str, Any]:
    """Return the verdict of schema 1; `said` and `again` of reports are not part of it."""
    decision = decide(gate, measurement, baseline)
    expires = earned + timedelta(hours=gate.valid_hours) if gate.valid_hours and decision.verdict == PASS else None
    return {
        "schema": 1,
        "gate": gate.name,
        "gate_sha256": gate.sha256,
        "criterion": gate.criterion,
        "artifact": {key: artifact[key] for key in ("component", "commit", "tree")},
        "verdict": decision.verdict,
        "found": decision.found,
        "wanted": gate.objective.text,
        "examined": decision.examined,
        "cause": decision.cause,
        "warning": decision.warning or None,
        "baseline": baseline.as_json() if baseline and gate.is_relative else None,
        "statement": decision.said,
        "remedy": gate.remedy,
        "by_hand": by_hand,
        "tools": dict(measurement.tools),
        "files": {},
        "inputs": None,
        "earned": _as_text(earned),
        "expires": _as_text(expires) if expires else None,
        "reused_from": None,
        "waiver": None,
        "attested": dict(measurement.attested) if gate.attested and measurement.attested else None,
        "seconds": round(seconds, 2),
    }


def _as_text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
