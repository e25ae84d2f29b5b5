"""The genesis record: a component that ran before the toolkit enters the ledger on a person's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..refusal import Refusal


def genesis(operation: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the event to record, empty when the same word was given before.

    Raises `Refusal` when the ledger knows the component by what it did itself: then its stage has to be earned.
    """
    component, target = operation["component"], operation["target"]
    own = [entry for entry in entries if entry["component"] == component]
    if any(entry["event"] == "genesis" for entry in own):
        return {}
    if any(entry["event"] in ("promoted", "demoted") for entry in own):
        raise Refusal(
            f"the ledger of {target} knows {component} already",
            "a genesis record only for what ran before the toolkit",
            f"ansible-playbook promote-{target}.yml -e component={component}",
        )
    return {"event": "genesis", "data": {"stage": target, "word_of": operation["actor"]}}


def report(operation: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the terminal shows."""
    component, target = operation["component"], operation["target"]
    headline = (
        f"ENTERED {component} at {target} stage, on your word" if event else f"UNCHANGED {component} was entered before"
    )
    rows = [["who", operation["actor"]], ["why", operation["reason"]]] if event else []
    return {
        "headline": headline,
        "outcome": "done" if event else "unchanged",
        "criteria": [],
        "rows": rows,
        "next": ["ansible-playbook status.yml"],
    }
