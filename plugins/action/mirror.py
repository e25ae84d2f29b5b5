"""Action `mirror`: brings the issues of an environment to where the catalogue says that they are tracked besides."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils.host_call import Answer, CallError, HostCall
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.trackers import interface, mirror
from ..plugin_utils.trackers.settings import Settings, settings_of
from .release import Where

ARGUMENTS: dict[str, dict[str, Any]] = {
    "do": {"type": "str", "choices": ["send", "read"], "default": "send"},
    "operation": {"type": "dict", "required": True},
    "environment": {"type": "str"},
    "issues": {"type": "list", "elements": "dict", "default": []},
    "component": {"type": "str"},
    "labels": {"type": "list", "elements": "str", "default": []},
}


class ActionModule(ActionBase):
    """Runs beside the outbox on the environment's first host; HTTP goes from the control node."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return what `plugins/modules/mirror.py` says; fails for a document that makes no sense, for nothing else."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        try:
            settings = settings_of(arguments["operation"].get("settings"))
            if arguments["do"] == "read":
                return result | _read(arguments, settings)
            documents = [interface.checked(each) for each in arguments["issues"]]
            if settings.backend == "local":
                return result | mirror.nothing()
            found = self._send(documents, arguments, settings, task_vars)
        except Refusal as refusal:
            return result | {"failed": True, "changed": False, "msg": str(refusal)}
        if found["msg"]:
            Display().warning(f"tracking: {found['msg']}")
        return result | found

    def _send(
        self,
        documents: list[interface.Document],
        arguments: dict[str, Any],
        settings: Settings,
        task_vars: dict[str, Any],
    ) -> dict[str, Any]:
        name = str(task_vars.get("inventory_hostname", "the host"))
        where = Where({"state": None, "component": None, **arguments}, name)
        host = self._host(task_vars, name)

        def outbox(asked: Mapping[str, Any]) -> dict[str, Any]:
            stdin = json.dumps({"environment": where.environment, **asked}).encode()
            found = host([*where.state, "outbox"], stdin)
            if found.get("failed"):
                raise CallError(str(found.get("message")))
            return found

        try:
            if self._task.check_mode:
                return mirror.would_send(documents, outbox)
            token = os.environ.get(settings.token_env, "")
            return mirror.send(documents, outbox, settings, token, str(where.operation["run"]))
        except CallError as error:
            return {
                **mirror.nothing(),
                "msg": f"{error}; the issues stand beside the ledger and are sent by the next run",
            }

    def _host(self, task_vars: Mapping[str, Any], name: str) -> HostCall:
        interpreter = str(self._templar.template(task_vars.get("ansible_python_interpreter") or ""))

        def execute(command: str, stdin: bytes) -> Answer:
            done = self._low_level_execute_command(command, in_data=stdin or None)
            return Answer(done["rc"], done["stdout"], done["stderr"])

        return HostCall(execute, name, "" if interpreter.startswith("auto") else interpreter)


def _read(arguments: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    component = str(arguments["component"] or arguments["operation"].get("component") or "")
    if not component:
        raise Refusal("nobody said whose issues are to be read", "component: a component's name")
    if settings.backend == "local":
        return {"changed": False, "found": [], "known": True, "msg": ""}
    return mirror.read(component, arguments["labels"], settings, os.environ.get(settings.token_env, ""))
