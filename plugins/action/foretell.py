"""Action `foretell`: the production promotion plan, from a judgement that has promoted nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.production import plan


class ActionModule(ControlNodeAction):
    """Runs on the control node only, and reads."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "judgement": {"type": "dict", "default": {}},
        "standing": {"type": "dict", "required": True},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `report`."""
        operation, standing = arguments["operation"], arguments["standing"]
        if standing["promoted"]:
            said = f"UNCHANGED {operation['component']} is already in production with this artifact"
            return {"report": {"headline": said, "outcome": "unchanged", "criteria": [], "rows": [], "next": []}}
        verdicts = arguments["judgement"].get("verdicts") or []
        return {"report": plan.report(operation, verdicts, standing["entries"], datetime.now(UTC))}
