"""What to do next, in order, each step with what to type ("" where nothing is)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..gates import report as told
from . import blockers, states


def of_judgement(operation: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], outcome: str) -> list[dict[str, str]]:
    """The steps after a judgement: first what each refusing gate asks for, then the toolkit's own command."""
    steps = [
        {"say": row["remedy"], "gate": row["gate"], "command": row["by_hand"]}
        for row in rows
        if row["state"] not in states.LETS_THROUGH
    ]
    again = told.again(operation)
    if outcome == "refused":
        steps.append({"say": "Then judge again.", "gate": "", "command": again})
    elif outcome == "partial":
        steps.append({"say": "Judge all gates: a part of them promotes nothing.", "gate": "", "command": again})
    elif operation.get("verb") == "gates" and operation["stage_wanted"] in told.COMMAND:
        command = f"ansible-playbook {told.COMMAND[operation['stage_wanted']]} -e component={operation['component']}"
        steps.append({"say": "Promote it.", "gate": "", "command": command})
    return steps


def of_entry(entry: Mapping[str, Any]) -> dict[str, str]:
    """The step that brings one component of a survey nearer to its next stage."""
    name, wanted = entry["component"], entry["wanted"]
    if entry["outcome"] == "ready":
        command = f"ansible-playbook {told.COMMAND[wanted]} -e component={name}"
        return {"component": name, "say": f"Promote {name} to {wanted}.", "command": command}
    again = f"ansible-playbook gates.yml -e component={name} -e stage={wanted}"
    if entry["outcome"] == "not-judged":
        return {"component": name, "say": entry["problem"] or f"Judge {name}.", "command": again}
    if not entry["blockers"]:
        return {"component": name, "say": f"Judge all gates of {name}.", "command": again}
    first = entry["blockers"][0]
    return {"component": name, "say": f"{name}: {blockers.phrase(first)}. {first['remedy']}", "command": again}
