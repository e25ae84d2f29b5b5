"""Action `issues`: reads what is tracked of an environment, or puts it there, in one call of the host program."""

from __future__ import annotations

import json
from typing import Any

from ..plugin_utils.host_call import CallError
from ..plugin_utils.refusal import Refusal
from . import release

ARGUMENTS: dict[str, dict[str, Any]] = {
    "do": {"choices": ["read", "put"], "default": "read"},
    "operation": {"type": "dict", "required": True},
    "environment": {"type": "str", "required": True},
    "issues": {"type": "list", "elements": "dict", "default": []},
}


class ActionModule(release.ActionModule):
    """For the first host of the environment, by `delegate_to`."""

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `entries` (of all components) and `problem` for read, `issues` (`{key, number, …}`) for put."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super(release.ActionModule, self).run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        environment, name = arguments["environment"], str(task_vars.get("inventory_hostname", "the host"))
        settings = arguments["operation"]["environments"][environment]
        state, place = ["--state", settings["state"]], ["--environment", environment]
        host = self._host(task_vars, name)
        try:
            if arguments["do"] == "read":
                found = host.read([*state, "issues", *place])
                problem = str(found.get("message") or "") if found.get("failed") else ""
                return result | {
                    "changed": False,
                    "entries": (found.get("environments") or {}).get(environment) or [],
                    "problem": problem,
                }
            if self._task.check_mode or not arguments["issues"]:
                return result | {"changed": False, "issues": [], "msg": "nothing was put"}
            wanted = {"environment": environment, "issues": arguments["issues"]}
            done = host([*state, "track"], json.dumps(wanted).encode())
        except (Refusal, CallError) as error:
            return result | {"failed": True, "msg": str(error)}
        return result | done | {"msg": done.get("message", "")}
