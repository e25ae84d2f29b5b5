"""Action `stand`: reads from the hosts' answers where every component stands, or refuses when the target is silent."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils.refusal import Refusal, refused
from ..plugin_utils.standing import standing


class ActionModule(ActionBase):
    """Runs on the control node only; expects `host_status` registered on every host that answered."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `standing` (see `plugin_utils/standing.py`), or `failed` with `msg` and `report`."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec({"operation": {"type": "dict", "required": True}})
        operation = arguments["operation"]
        hosts = {name: settings["hosts"] for name, settings in operation["environments"].items()}
        answers = {
            host: task_vars["hostvars"][host].get("host_status", {}).get("status")
            for members in hosts.values()
            for host in members
        }
        try:
            return result | {"changed": False, "standing": standing(operation, answers, hosts)}
        except Refusal as refusal:
            return result | refused(operation["verb"], refusal)
