"""Action `refuse`: ends a play in failure with the report of what went wrong and what was done about it."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction


class ActionModule(ControlNodeAction):
    """For `rescue`, which must end in failure: the first report is kept, and what serves now is added."""

    ARGUMENTS: ClassVar = {
        "failure": {"type": "dict", "required": True},
        "headline": {"type": "str", "required": True},
        "serving": {"type": "str", "required": True},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Fail with `msg` and `report`."""
        cause = str(arguments["failure"].get("msg", "no reason was given"))
        first = arguments["failure"].get("report") or {"rows": [["what happened", cause]]}
        report = {
            "headline": arguments["headline"],
            "outcome": "returned",
            "criteria": first.get("criteria", []),
            "rows": [*first.get("rows", []), ["serves now", arguments["serving"]]],
            "next": first.get("next", []),
        }
        return {
            "failed": True,
            "msg": f"{arguments['headline']}: {cause}; {arguments['serving']}",
            "report": report,
        }
