"""Action `observe`: has a host's recorder begin, end or tell what it saw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils import other_host
from ..plugin_utils.host_call import CallError, HostCall
from ..plugin_utils.observation import asked, daily_command
from ..plugin_utils.refusal import Refusal
from .release import Where

ARGUMENTS: dict[str, dict[str, Any]] = {
    "do": {"required": True, "choices": ["start", "stop", "report", "maintenance", "tests"]},
    "operation": {"type": "dict", "required": True},
    "environment": {"type": "str"},
    "component": {"type": "str"},
    "record": {"type": "bool", "default": False},
    "tests": {"type": "dict", "default": {}},
}


class ActionModule(ActionBase):
    """Arguments in, one call of the host program, result out."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what the host program says, with `msg`; what it refuses fails with `report`."""
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        do = arguments["do"]
        try:
            if do != "report" and not (arguments["component"] or arguments["operation"].get("component")):
                raise Refusal("component is missing", "the component that is meant", f"-e do={do} -e component=carbon")
            reached = other_host.own(self, variables, lambda line: Display().display(f"  {line}"))
            where = Where({**arguments, "state": None, "verb": f"observe --do {do}"}, reached.name)
            found = self._ask(reached.call, where, arguments, variables)
        except (Refusal, CallError) as error:
            found = {"failed": True, "message": str(error)}
        message = found.pop("message", "")
        if found.get("failed") and do != "report":
            found["report"] = _refused(do, message)
        return result | {"changed": False} | found | {"msg": message}

    def _ask(
        self, host: HostCall, where: Where, arguments: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> dict[str, Any]:
        do = arguments["do"]
        if do == "report":
            who = [*where.identity, "--record"] if arguments["record"] else where.place
            called = [*where.state, "observe", *_named(where), *who, "--do", "report"]
            writes = arguments["record"] and not self._task.check_mode
            return host(called) if writes else host.read([one for one in called if one != "--record"])
        if self._task.check_mode:
            return {"changed": True, "message": f"would {do} {where.component} on {where.environment}"}
        called = [*where.state, "observe", where.component, *where.identity, "--do", do]
        if do == "start":
            return host(called, json.dumps(self._settings(where, variables)).encode())
        if do == "tests":
            return host(called, json.dumps(dict(arguments["tests"])).encode())
        if do == "maintenance":
            called += ["--from", where.operation.get("from") or "", "--until", where.operation.get("until") or ""]
        return host(called)

    def _settings(self, where: Where, variables: Mapping[str, Any]) -> dict[str, Any]:
        operation = where.operation
        entry = operation["components"][where.component]
        local = str(variables.get("ansible_connection") or "") == "local"
        sources = [str(one) for one in variables.get("ansible_inventory_sources") or [] if Path(str(one)).exists()]
        own = where.component == operation["component"]
        command = daily_command.command(operation, where.environment, sources) if local and own else None
        return asked.settings(entry, command, str(variables.get("playbook_dir") or "/"))


def _named(where: Where) -> list[str]:
    return [where.component] if where.operation.get("component") else []


def _refused(do: str, message: str) -> dict[str, Any]:
    return {
        "headline": f"NOT DONE observe {do}: {message.partition(':')[0]}",
        "outcome": "failed",
        "criteria": [],
        "rows": [["why", message]],
        "next": ["ansible-playbook observe.yml"],
    }
