"""Blockers: each gate that says no is one issue, closed by the run in which it passes; people open others by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import blocker_page
from .issue import BLOCKER, Issue, blocker_key, is_open, issue, kept, of

BLOCKING = ("critical", "high")
"""The blocker form: critical must, high should be resolved before promotion; medium and low are shown."""

_OF_GATE = {"security": "security", "api-stable": "integration"}
_OF_CRITERION = {
    "unit-tests": "tests",
    "integration-tests": "tests",
    "api": "documentation",
    "readme": "documentation",
    "documentation": "documentation",
    "dependencies": "dependencies",
    "integration": "integration",
    "deployability": "integration",
    "performance": "performance",
    "load": "performance",
    "uptime": "performance",
    "security-review": "security",
}


def judged(
    operation: Mapping[str, Any], criteria: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]
) -> list[Issue]:
    """Return the blockers that a judgement opens, changes and closes; `criteria` are those of its report.

    `known` are the tracked issues. A gate that is inconclusive blocks as one that fails does. One that is waived stays
    open, of medium severity.
    """
    component, stage = operation["component"], operation["stage_wanted"]
    found: list[Issue] = []
    spoke: dict[str, str] = {}
    for criterion in criteria:
        for gate in criterion["gates"]:
            spoke[gate["gate"]] = gate["verdict"]
            if gate["verdict"] != "pass":
                found.append(_of_gate(operation, criterion, gate))
    for one in of(known, BLOCKER, component):
        gate = (one.get("fields") or {}).get("gate")
        if is_open(one) and gate and one["fields"].get("target") == stage and spoke.get(gate, "pass") == "pass":
            found.append(closed(one, operation, _why(gate, spoke)))
    return found


def by_hand(operation: Mapping[str, Any], given: Mapping[str, Any]) -> Issue:
    """Return a blocker that a person opens; `given`: `{description, type, severity, criteria, target}`."""
    component, stage = operation["component"], given["target"]
    fields = {"by_hand": True, "gate": None, "target": stage, "type": given["type"], "severity": given["severity"]}
    return issue(
        BLOCKER,
        blocker_key(component, stage, operation["run"]),
        component,
        title=f"[BLOCKER] {component}: {given['description']}",
        at=operation["asked_at"],
        labels=labels(component, fields),
        body=blocker_page.by_hand(operation, given),
        fields={**fields, "by": operation["actor"]},
    )


def closed(known: Mapping[str, Any], operation: Mapping[str, Any], why: str) -> Issue:
    """Return a known blocker as it is when it no longer blocks, with why as its last comment."""
    said = {"marker": "closed", "body": blocker_page.resolution(operation, why)}
    return kept(known, state="closed", comments=[said], at=operation["asked_at"])


def blocking(entries: Sequence[Mapping[str, Any]], component: str, stage: str) -> list[Mapping[str, Any]]:
    """Return the open blockers, opened by hand, that a promotion to `stage` has to heed, the worst first."""
    own = [one for one in of(entries, BLOCKER, component) if is_open(one)]
    heeded = [
        one
        for one in own
        if not one["fields"].get("gate")
        and one["fields"].get("severity") in BLOCKING
        and one["fields"].get("target") == stage
    ]
    return sorted(heeded, key=lambda one: BLOCKING.index(one["fields"]["severity"]))


def labels(component: str, fields: Mapping[str, Any]) -> list[str]:
    """Return the labels of a blocker."""
    return [
        f"component:{component}",
        f"target:{fields['target']}",
        f"blocker:{fields['type']}",
        f"severity:{fields['severity']}",
    ]


def _of_gate(operation: Mapping[str, Any], criterion: Mapping[str, Any], gate: Mapping[str, Any]) -> Issue:
    component, stage = operation["component"], operation["stage_wanted"]
    severity = "medium" if gate.get("waiver") else "critical" if gate["verdict"] == "fail" else "high"
    kind = _OF_GATE.get(gate["gate"]) or _OF_CRITERION.get(criterion["criterion"], "other")
    fields = {"by_hand": False, "gate": gate["gate"], "target": stage, "type": kind, "severity": severity}
    return issue(
        BLOCKER,
        blocker_key(component, stage, gate["gate"]),
        component,
        title=f"[BLOCKER] {component}: {gate['gate']} ({criterion['title']})",
        at=operation["asked_at"],
        labels=labels(component, fields),
        body=blocker_page.of_gate(operation, criterion, gate, fields),
        fields={**fields, "tree": operation["artifact"]["tree"]},
    )


def _why(gate: str, spoke: Mapping[str, str]) -> str:
    return f"the gate {gate} passes" if gate in spoke else f"there is no gate {gate} any more"
