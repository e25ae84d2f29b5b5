"""Action `audit`: follows the chain of every ledger, and returns the entries as JSON."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.tracking.audit import audit


class ActionModule(ControlNodeAction):
    """Runs on the control node; expects `host_kept` registered on each environment's first host. Writes nothing."""

    ARGUMENTS: ClassVar = {"operation": {"type": "dict", "required": True}}

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `files` (`{name, text}`), `problems` and `report`."""
        operation = arguments["operation"]
        books: dict[str, bytes] = {}
        requests: dict[str, Any] = {}
        silent: dict[str, str] = {}
        for name, settings in operation["environments"].items():
            if operation["target"] in (None, name):
                answer = task_vars["hostvars"][settings["hosts"][0]].get("host_kept") or {}
                if "runs" not in answer:
                    silent[name] = str(answer.get("msg") or "no answer")
                    continue
                if answer.get("ledger"):
                    books[name] = base64.b64decode(answer["ledger"])
                requests |= {f"{name}/{key}": heads for key, heads in (answer.get("anchors") or {}).items()}
        if not books and not silent:
            raise Refusal("there is no ledger yet", "an environment with a ledger", "ansible-playbook status.yml")
        found = audit(operation, books, requests, silent)
        return {
            "files": [{"name": name, "text": text} for name, text in found["files"].items()],
            "problems": found["problems"],
            "report": found["report"],
        }
