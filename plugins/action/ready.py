"""Action `ready`: looks at the clock once more, right before production is changed: judging takes its time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.production import calendar
from ..plugin_utils.refusal import Refusal

GATE = "change-calendar"


class ActionModule(ControlNodeAction):
    """Runs on the control node only, and reads; a waiver that let the gate through lets through here too."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "judgement": {"type": "dict", "default": {}},
        "ledger": {"type": "list", "elements": "dict", "default": []},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return nothing but that all is well."""
        operation = arguments["operation"]
        own = operation["environments"][operation["target"]]["calendar"]
        verdicts = arguments["judgement"].get("verdicts") or []
        waived = any(one["gate"] == GATE and one.get("waiver") for one in verdicts)
        closed = [] if waived else calendar.closed(own, arguments["ledger"], datetime.now(UTC))
        if closed:
            raise Refusal(
                f"production closed while {operation['component']} was judged: {closed[0]}",
                "a promotion that begins while a window is open",
                f"-e component={operation['component']}",
            )
        return {"msg": "production may be changed now"}
