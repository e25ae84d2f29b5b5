"""Action `demote`: says what a demotion writes into which ledger, and whether something is removed with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.production import demoting


class ActionModule(ControlNodeAction):
    """Runs on the control node only; expects `host_status` registered on the hosts; writes nothing."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "standing": {"type": "dict", "required": True},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `event`, `environment`, `removes` and `report`."""
        operation, standing = arguments["operation"], arguments["standing"]
        runs = {name: _runs(operation, name, task_vars["hostvars"]) for name in ("staging", "production")}
        found = demoting.demotion(operation, standing["stages"], standing["entries"], runs["staging"])
        return {
            "event": found.event,
            "environment": found.environment,
            "removes": found.removes,
            "to": found.to,
            "report": demoting.report(operation, found, runs_in_production=runs["production"]),
        }


def _runs(operation: Mapping[str, Any], environment: str, known: Mapping[str, Any]) -> bool:
    """Say whether any host of an environment has a release of the component that serves."""
    hosts = (operation["environments"].get(environment) or {}).get("hosts") or []
    for host in hosts:
        status = (known[host].get("host_status") or {}).get("status") or {}
        here = ((status.get("environments") or {}).get(environment) or {}).get("components") or {}
        if (here.get(operation["component"]) or {}).get("release"):
            return True
    return False
