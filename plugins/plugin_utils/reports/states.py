"""In what state a gate or a criterion is for its reader: the verdict, its warning and its waiver in one word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WORDS = {
    "pass": "passes",
    "warning": "passes with a warning",
    "waived": "waived",
    "fail": "fails",
    "inconclusive": "inconclusive",
    "not-judged": "not judged",
}
"""Each state in the words of a report."""

EMOJI = {"pass": "✅", "warning": "⚠️", "waived": "⏸️", "fail": "❌", "inconclusive": "❔", "not-judged": "➖"}
"""Each state as a sign, for Markdown."""

LETS_THROUGH = frozenset({"pass", "warning", "waived"})
_WORST_FIRST = ("fail", "inconclusive", "not-judged", "waived", "warning")


def of_gate(verdict: Mapping[str, Any]) -> str:
    """The state of one gate; a waiver counts only where the gate does not pass."""
    if verdict["verdict"] == "pass":
        return "warning" if verdict.get("warning") else "pass"
    if verdict.get("waiver"):
        return "waived"
    return "fail" if verdict["verdict"] == "fail" else "inconclusive"


def of_criterion(verdicts: Iterable[Mapping[str, Any]], left_out: Iterable[str] = ()) -> str:
    """The state of a criterion: the worst of its gates'; gates ``left_out`` were not looked at."""
    found = {of_gate(each) for each in verdicts} or {"not-judged"}
    if tuple(left_out):
        found.add("not-judged")
    return next((each for each in _WORST_FIRST if each in found), "pass")
