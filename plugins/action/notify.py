"""Action `notify`: tells one address of a deploy or a rollback. That it could not is said, and fails nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..module_utils.host.webhook import post
from ..plugin_utils.control_node_action import ControlNodeAction


class ActionModule(ControlNodeAction):
    """Posts JSON to `environment_webhook` of the target, once a run; the address is a secret and never shown."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "event": {"type": "str", "required": True},
        "result": {"type": "dict", "default": {}},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `notified` and `msg`."""
        operation = arguments["operation"]
        first = operation["environments"][operation["target"]]["hosts"][0]
        address = str(task_vars["hostvars"][first].get("environment_webhook") or "")
        if not address or self._task.check_mode:
            return {"notified": False, "msg": "nobody is to be told"}
        problem = post(address, message(operation, arguments["event"], arguments["result"]))
        if problem:
            Display().warning(f"environment_webhook of {operation['target']} was not told: {problem}")
        return {"notified": not problem, "msg": problem or "told"}


def message(operation: Mapping[str, Any], event: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is sent (schema 1)."""
    release = result.get("release") or {}
    artifact = release.get("artifact") or operation.get("artifact") or {}
    said = str(result.get("msg") or "")
    return {
        "schema": 1,
        "text": f"{operation['component']} on {operation['target']}: {said or event}",
        "event": event,
        "component": operation["component"],
        "environment": operation["target"],
        "release": {"number": release.get("number"), "commit": artifact.get("commit"), "tree": artifact.get("tree")},
        "serves": result.get("current"),
        "outcome": result.get("outcome"),
        "message": said,
        "receipt": result.get("receipt"),
        "actor": operation["actor"],
        "reason": operation["reason"],
        "run": operation["run"],
        "at": result.get("at"),
    }
