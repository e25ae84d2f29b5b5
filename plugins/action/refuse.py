"""Action `refuse`: ends a play in failure with the report of what went wrong and what was done about it."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction


class ActionModule(ControlNodeAction):
    """For `rescue`, which must end in failure: the first report is kept, and what serves now is added."""

    ARGUMENTS: ClassVar = {
        "failure": {"type": "dict", "required": True},
        "headline": {"type": "str", "default": ""},
        "serving": {"type": "str", "default": ""},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Fail with `msg` and `report`."""
        cause = str(arguments["failure"].get("msg", "no reason was given"))
        first = arguments["failure"].get("report") or {"rows": [["what happened", cause]]}
        serving = [["serves now", arguments["serving"]]] if arguments["serving"] else []
        report = {
            "headline": arguments["headline"] or first.get("headline") or f"FAILED {cause}",
            "outcome": first.get("outcome", "returned") if not arguments["headline"] else "returned",
            "criteria": first.get("criteria", []),
            "table": first.get("table"),
            "rows": [*first.get("rows", []), *serving],
            "next": first.get("next", []),
        }
        said = [f"{arguments['headline']}: {cause}" if arguments["headline"] else cause, arguments["serving"]]
        return {"failed": True, "msg": "; ".join(text for text in said if text), "report": report}
