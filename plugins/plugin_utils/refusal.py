"""The one error an operator sees before anything has changed."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Input that cannot be acted on: what was found, what would be right, what to type next.

    Raised before the first change; `str()` of it is the sentence for the operator.
    """

    def __init__(self, found: str, wanted: str = "", next_step: str = "") -> None:
        """Join the three parts into one line that ends in a full stop."""
        self.found, self.wanted, self.next_step = found, wanted, next_step
        parts = [found, f"wanted: {wanted}" if wanted else "", f"next: {next_step}" if next_step else ""]
        super().__init__("; ".join(part for part in parts if part))


def refused(verb: str, refusal: Refusal) -> dict[str, Any]:
    """Return the action result that a refusal becomes: the sentence for Ansible, the report for the terminal."""
    typed = refusal.next_step
    next_step = f"ansible-playbook {verb}.yml {typed}" if typed.startswith("-e ") else typed
    report = {
        "headline": f"NOTHING DONE {verb}: {refusal.found}",
        "outcome": "refused",
        "criteria": [],
        "rows": [["wanted", refusal.wanted]] if refusal.wanted else [],
        "next": [next_step] if next_step else [],
    }
    return {"failed": True, "msg": str(Refusal(refusal.found, refusal.wanted, next_step)), "report": report}
