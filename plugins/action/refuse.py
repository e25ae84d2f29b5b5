"""Action `refuse`: ends a play in failure with the report of what went wrong and what was done about it."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """For `rescue`, which must end in failure: the first report is kept, and what serves now is added."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Fail with `msg` and `report`."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(
            {
                "failure": {"type": "dict", "required": True},
                "headline": {"type": "str", "required": True},
                "serving": {"type": "str", "required": True},
            }
        )
        cause = str(arguments["failure"].get("msg", "no reason was given"))
        first = arguments["failure"].get("report") or {"rows": [["what happened", cause]]}
        report = {
            "headline": arguments["headline"],
            "outcome": "returned",
            "criteria": first.get("criteria", []),
            "rows": [*first.get("rows", []), ["serves now", arguments["serving"]]],
            "next": first.get("next", []),
        }
        return result | {
            "failed": True,
            "msg": f"{arguments['headline']}: {cause}; {arguments['serving']}",
            "report": report,
        }
