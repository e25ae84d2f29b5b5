"""Action `replay`: says which past promotions another catalogue of gates would have refused; touches nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.gates import policy
from ..plugin_utils.gates.policy import Replayed


class ActionModule(ControlNodeAction):
    """Runs on the control node only; reads the operator's evidence."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "ledger": {"type": "list", "elements": "dict", "default": []},
        "evidence": {"type": "path", "required": True},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `promotions`, oldest first, and the report."""
        operation = arguments["operation"]
        path = Path(operation["policy"])
        gates = policy.load(path)
        promotions = _promotions(arguments["ledger"], operation)
        replayed = policy.replay(gates, promotions, Path(arguments["evidence"]).expanduser())
        unspoken = len(promotions) - len(replayed)
        return {
            "promotions": [vars(each) for each in replayed],
            "report": _report(path.name, replayed, unspoken),
        }


def _promotions(ledger: Sequence[Mapping[str, Any]], operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    wanted = operation["component"]
    own = [each for each in ledger if each["event"] == "promoted" and wanted in (None, each["component"])]
    return sorted(own, key=lambda each: (each["at"], each["environment"], each["seq"]))


def _report(name: str, replayed: Sequence[Replayed], unspoken: int) -> dict[str, Any]:
    refused = sum(bool(each.reasons) for each in replayed)
    rows = [
        [each.component, each.stage, each.at, each.run, "; ".join(each.reasons) or "let through"] for each in replayed
    ]
    more = [["not judged", f"{unspoken} to stages for which the policy has no gates"]] if unspoken else []
    return {
        "headline": f"POLICY {name} would have refused {refused} of {len(replayed)} past promotions",
        "outcome": "status",
        "criteria": [],
        "table": {"columns": ["component", "stage", "promoted", "run", "under this policy"], "rows": rows},
        "rows": more,
        "next": [],
    }
