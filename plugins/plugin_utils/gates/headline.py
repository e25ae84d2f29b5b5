"""What a judgement comes down to: ready, refused or partial, and the line that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..reports import states
from .criteria import VERIFIED, Criterion, met, promotable, waived

Verdicts = Sequence[Mapping[str, Any]]
# What keeps a component whose counted criteria are all met, by the stage.
_UNCOUNTED = {"staging": " but it cannot be deployed", "production": " but it may not go there now"}


def headline(operation: Mapping[str, Any], criteria: Sequence[Criterion], verdicts: Verdicts) -> str:
    """Return the outcome in one line: `READY carbon → staging 6/7, 1 waived`."""
    number, of = met(criteria, verdicts)
    subject = f"{operation['component']} → {operation['stage_wanted']}"
    result = outcome(criteria, verdicts)
    if result == "ready":
        return f"READY {subject} {number}/{of}{_notes(criteria, verdicts)}"
    every = len(verdicts) + sum(len(criterion.left_out) for criterion in criteria)
    if result == "partial":
        passed = sum(each["verdict"] == "pass" for each in verdicts)
        passed_over = f", {len(verdicts) - passed} waived" if passed < len(verdicts) else ""
        return f"PASSED {passed} of {every} gates{passed_over}: {subject}"
    said_no = "NOT READY" if operation.get("verb") == "gates" else "NOT PROMOTED"
    if tuple(criteria) == VERIFIED:
        return f"{said_no} {subject}, it does not work there"
    if every > len(verdicts):
        refusing = sum(states.of_gate(each) not in states.LETS_THROUGH for each in verdicts)
        return f"{said_no} {subject}: {refusing} of {len(verdicts)} gates judged said no"
    kept = "" if number < of else _UNCOUNTED.get(str(operation["stage_wanted"]), "")
    return f"{said_no} {subject} {number}/{of}{_notes(criteria, verdicts)}{kept}"


def outcome(criteria: Sequence[Criterion], verdicts: Verdicts) -> str:
    """Return `ready`, `refused`, or `partial`: nothing said no, but not every gate was judged."""
    if promotable(criteria, verdicts):
        return "ready"
    found = {
        states.of_criterion([each for each in verdicts if each["criterion"] == one.name], one.left_out)
        for one in criteria
    }
    return "refused" if found & {"fail", "inconclusive"} or "not-judged" not in found else "partial"


def waived_count(criteria: Sequence[Criterion], verdicts: Verdicts) -> int:
    """Return how many criteria are let through only because waivers are in force."""
    return sum(waived(criterion, verdicts) for criterion in criteria)


def _notes(criteria: Sequence[Criterion], verdicts: Verdicts) -> str:
    warned = sum(bool(each.get("warning")) for each in verdicts)
    counts = [(waived_count(criteria, verdicts), "waived"), (warned, "warning" if warned == 1 else "warnings")]
    return "".join(f", {count} {word}" for count, word in counts if count)
