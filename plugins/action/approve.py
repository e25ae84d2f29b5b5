"""Action `approve`: says what the ledger is to hold when the operator approves an artifact for production."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.production import approval


class ActionModule(ControlNodeAction):
    """Runs on the control node only; the entry itself is written by the action `release`."""

    ARGUMENTS: ClassVar = {"operation": {"type": "dict", "required": True}}

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `event` (for the ledger), `presumed` (the entry that a plan takes for written) and `report`."""
        operation = arguments["operation"]
        settings = operation["environments"][operation["stage_wanted"]]["approval"]
        event = approval.event(operation, settings)
        presumed = {
            **event,
            "seq": 0,
            "at": operation["asked_at"],
            "component": operation["component"],
            "environment": operation["stage_wanted"],
            **{key: operation[key] for key in ("actor", "reason", "run")},
        }
        return {"event": event, "presumed": presumed, "report": _report(operation, settings)}


def _report(operation: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    artifact, note = operation["artifact"], operation["reason"]
    return {
        "headline": f"APPROVED {operation['component']} → {operation['stage_wanted']}",
        "outcome": "done",
        "criteria": [],
        "rows": [
            ["artifact", f"commit {artifact['commit'][:12]}, tree {artifact['tree'][:12]}"],
            ["by", operation["actor"]],
            *([["note", note]] if note else []),
            ["counts for", f"{settings['days']} days, for exactly this artifact"],
        ],
        "next": [f"ansible-playbook promote-production.yml -e component={operation['component']}"],
    }
