"""What keeps a component from its next stage: the gates that let nothing through, with number against objective."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import states
from .text import line


def of(judgement: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The refusing gates of a judgement (criteria as in its report), in the order of the criteria."""
    return [
        {
            "criterion": row["criterion"],
            "title": row["title"],
            "gate": gate["gate"],
            "state": gate["state"],
            "found": line(gate["found"]),
            "wanted": line(gate["wanted"]),
            "cause": line(str(gate["cause"] or "").partition("\n")[0]),
            "remedy": line(gate["remedy"]),
            "by_hand": str(gate["by_hand"] or ""),
        }
        for row in judgement["criteria"]
        for gate in row["gates"]
        if gate["state"] not in states.LETS_THROUGH
    ]


def phrase(blocker: Mapping[str, Any]) -> str:
    """One blocker in words: `unit-coverage 60.27 %, wanted at least 70 %`."""
    if blocker["state"] == "inconclusive":
        return f"{blocker['gate']} inconclusive{': ' + blocker['cause'] if blocker['cause'] else ''}"
    return f"{blocker['gate']} {blocker['found']}, wanted {blocker['wanted']}"


def in_words(entry: Mapping[str, Any]) -> list[str]:
    """All that keeps the component of a survey's entry."""
    if entry["outcome"] == "not-judged":
        return [entry["problem"] or "not judged"]
    if entry["outcome"] == "partial":
        return ["not all gates judged"]
    return [phrase(each) for each in entry["blockers"]]
