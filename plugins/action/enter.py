"""Action `enter`: says what a genesis record is to hold, or that there is one already."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.tracking.genesis import genesis, report


class ActionModule(ControlNodeAction):
    """Runs on the control node only; the record itself is written by the action `release`."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "ledger": {"type": "list", "elements": "dict", "default": []},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `event` (empty: nothing to record) and `report`."""
        event = genesis(arguments["operation"], arguments["ledger"])
        return {"event": event, "report": report(arguments["operation"], event)}
