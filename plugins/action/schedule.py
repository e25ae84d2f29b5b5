"""Action `schedule`: says what a host is to do by itself, again and again."""

from __future__ import annotations

import json
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils import other_host
from ..plugin_utils.host_call import CallError

ARGUMENTS: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "required": True},
    "jobs": {"type": "list", "elements": "dict", "default": []},
    "absent": {"type": "list", "elements": "str", "default": []},
}


class ActionModule(ActionBase):
    """Arguments in, at most two calls of the host program, the host's jobs out."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `{changed, mechanism, works, jobs}` as the host says it; a job that makes no sense fails."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        host = other_host.own(self, task_vars or {}, lambda line: Display().display(f"  {line}")).call
        where = ["--state", arguments["state"], "jobs"]
        try:
            if self._task.check_mode:
                return result | _planned(host.read([*where, "--do", "list"]), arguments)
            return result | self._put(host, where, arguments)
        except CallError as error:
            return result | {"failed": True, "changed": False, "msg": str(error)}

    def _put(self, host: Any, where: list[str], arguments: dict[str, Any]) -> dict[str, Any]:
        changed, found = False, {}
        for do, key, given in (("remove", "names", arguments["absent"]), ("put", "jobs", arguments["jobs"])):
            if given:
                found = host([*where, "--do", do], json.dumps({key: given}).encode())
                changed = changed or bool(found.get("changed"))
                if found.get("failed"):
                    return {**found, "msg": found.get("message", "")}
        found = found or host.read([*where, "--do", "list"])
        return {**found, "changed": changed, "msg": found.pop("message", "")}


def _planned(known: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """Say what would change, by what the host does now."""
    there = {job["name"]: job for job in known.get("jobs", [])}
    gone = sorted(set(arguments["absent"]) & set(there))
    new = sorted(job.get("name", "") for job in arguments["jobs"] if not _is(there.get(job.get("name", "")), job))
    said = [*(f"would do {name} by itself" for name in new), *(f"would do {name} no longer" for name in gone)]
    return {"changed": bool(said), "msg": "; ".join(said), "jobs": list(there.values())}


def _is(known: dict[str, Any] | None, wanted: dict[str, Any]) -> bool:
    return known is not None and all(known.get(key) == value for key, value in wanted.items())
