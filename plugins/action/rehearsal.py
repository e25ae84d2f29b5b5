"""Action `rehearsal`: has the host declare a rehearsal, end its requests, and enter what came of it into the ledger."""

from __future__ import annotations

import json
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils import other_host
from ..plugin_utils.host_call import CallError
from ..plugin_utils.refusal import Refusal
from .release import Where

ARGUMENTS: dict[str, dict[str, Any]] = {
    "step": {"required": True, "choices": ["begin", "halt", "end"]},
    "operation": {"type": "dict", "required": True},
    "plan": {"type": "dict", "default": {}},
    "data": {"type": "dict", "default": {}},
}


class ActionModule(ActionBase):
    """Arguments in, one call of the host program, result out."""

    _supports_check_mode = False
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the step's result; see `plugins/modules/rehearsal.py` for its keys."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        try:
            found = self._call(arguments, task_vars)
        except (Refusal, CallError) as error:
            return result | {"failed": True, "msg": str(error)}
        return result | {**found, "msg": found.pop("message", "")}

    def _call(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        name, step, plan = str(task_vars["inventory_hostname"]), arguments["step"], arguments["plan"]
        where = Where({"state": None, "environment": None, "component": None, "verb": step, **arguments}, name)
        request: dict[str, Any] = {"step": step}
        if step == "begin":
            numbers = {"from": plan["origin"]["number"], "to": (plan["goal"] or {}).get("number")}
            request |= numbers | {key: plan[key] for key in ("mode", "seconds", "process")}
        if step == "end":
            first = where.settings["hosts"][0] == name  # the ledger is on the group's first host
            request |= {"why": arguments["data"].get("why", [])} | ({"data": arguments["data"]} if first else {})
        host = other_host.own(self, task_vars, lambda line: Display().display(f"  {line}"))
        words = [*where.state, "rehearsal", where.component, *where.identity]
        return host.call(words, json.dumps(request).encode())
