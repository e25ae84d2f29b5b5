"""Action `notify`: tells one address of a deploy or a rollback. That it could not is said, and fails nothing."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..plugin_utils.control_node_action import ControlNodeAction

_SECONDS = 10


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


def post(address: str, content: Mapping[str, Any]) -> str:
    """Send `content`; return why it did not arrive, without the address, or nothing."""
    try:
        if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
            return "it is no http or https address"
        request = urllib.request.Request(  # noqa: S310 -- the scheme is checked
            address,
            data=json.dumps(content).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "tta.ops"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return f"it answers {error.code}"
    except urllib.error.URLError as error:
        return f"it does not answer ({type(error.reason).__name__})"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"it does not answer ({type(error).__name__})"
