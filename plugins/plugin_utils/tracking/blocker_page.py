"""A blocker as its form has it. Nothing in it changes as long as what was found does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .markdown import block, code, prose
from .spaced import spaced

_SEVERITY = {
    "critical": "Critical (must be resolved before promotion)",
    "high": "High (should be resolved before promotion)",
    "medium": "Medium (nice to have before promotion)",
    "low": "Low (can be addressed after the promotion)",
}


def of_gate(
    operation: Mapping[str, Any], criterion: Mapping[str, Any], gate: Mapping[str, Any], fields: Mapping[str, Any]
) -> str:
    """The page of a gate that says no."""
    artifact = operation["artifact"]
    found, wanted = code(gate["found"] or "nothing"), code(gate["wanted"] or "a pass")
    waiver = gate.get("waiver")
    status = (
        f"Waived until {code(waiver['until'])} by {code(waiver['owner'])}: {prose(waiver['reason'])}"
        if waiver
        else f"{prose(gate['verdict'])} at commit {code(artifact['commit'][:12])}, tree {code(artifact['tree'][:12])}"
    )
    by_hand = [f"  {line}".rstrip() for line in block(gate["by_hand"])] if gate.get("by_hand") else []
    return _page(
        operation,
        fields,
        description=[
            f"The gate {code(gate['gate'])} ({prose(criterion['title'])}) found {found}; wanted {wanted}.",
            *(["", *block(gate["cause"])] if gate.get("cause") else []),
        ],
        criteria=[f"- [ ] {code(gate['gate'])}: {wanted}", *(["", *by_hand] if by_hand else [])],
        status=status,
        solution=prose(gate.get("remedy") or "not known yet"),
        impact=f"Promotion to {fields['target']} is refused" if not waiver else "The promotion goes on, as waived",
    )


def by_hand(operation: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The page of a blocker that a person opens."""
    criteria = [f"- [ ] {prose(each)}" for each in str(given["criteria"]).split(";") if each.strip()]
    blocks = given["severity"] in ("critical", "high")
    return _page(
        operation,
        given,
        description=[prose(given["description"])],
        criteria=criteria or ["- [ ] whoever opened it says so"],
        status=f"Opened by {code(operation['actor'])}",
        solution="not known yet",
        impact=f"Promotion to {given['target']} is refused" if blocks else "Shown at every promotion",
    )


def resolution(operation: Mapping[str, Any], why: str) -> str:
    """The comment with which a blocker is closed."""
    where = f", commit {code(operation['artifact']['commit'][:12])}" if operation.get("artifact") else ""
    return f"Resolved: {prose(why)} (run {code(operation['run'])}, {code(operation['actor'])}{where})."


def _page(
    operation: Mapping[str, Any],
    fields: Mapping[str, Any],
    *,
    description: list[str],
    criteria: list[str],
    status: str,
    solution: str,
    impact: str,
) -> str:
    lines = [
        *("### Component Name", code(operation["component"])),
        *("### Blocker Type", str(fields["type"]).capitalize()),
        *("### Target Stage", str(fields["target"]).capitalize()),
        *("### Severity", _SEVERITY[fields["severity"]]),
        *("### Blocker Description", *description),
        *("### Acceptance Criteria", *criteria),
        *("### Current Status", status),
        *("### Proposed Solution", solution),
        *("### Estimated Effort", "not estimated"),
        *("### Related Issues", "The promotion request names this blocker."),
        *("### Workarounds", "None known; a waiver lets one gate be passed over until a date."),
        *("### Impact Analysis", impact),
    ]
    return "\n".join(spaced(lines)) + "\n"
