"""Action `enter`: says what a genesis record is to hold, or that there is one already."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase

from ..plugin_utils.refusal import Refusal, refused
from ..plugin_utils.tracking.genesis import genesis, report


class ActionModule(ActionBase):
    """Runs on the control node only; the record itself is written by the action `release`."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `event` (empty: nothing to record) and `report`."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(
            {
                "operation": {"type": "dict", "required": True},
                "ledger": {"type": "list", "elements": "dict", "default": []},
            }
        )
        try:
            event = genesis(arguments["operation"], arguments["ledger"])
        except Refusal as refusal:
            return result | refused(arguments["operation"]["verb"], refusal)
        return result | {"changed": False, "event": event, "report": report(arguments["operation"], event)}
