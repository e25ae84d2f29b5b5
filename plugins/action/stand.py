"""Action `stand`: reads from the hosts' answers where every component stands, or refuses when the target is silent."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.standing import standing


class ActionModule(ControlNodeAction):
    """Runs on the control node only; expects `host_status` registered on every host that answered."""

    ARGUMENTS: ClassVar = {"operation": {"type": "dict", "required": True}}

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `standing` (see `plugin_utils/standing.py`)."""
        operation = arguments["operation"]
        hosts = {name: settings["hosts"] for name, settings in operation["environments"].items()}
        answers = {
            host: task_vars["hostvars"][host].get("host_status", {}).get("status")
            for members in hosts.values()
            for host in members
        }
        return {"standing": standing(operation, answers, hosts)}
