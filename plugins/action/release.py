"""Action `release`: has the host program do something on a host, in one call, with everything streamed to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils import bundle
from ..plugin_utils.host_call import Answer, CallError, HostCall
from ..plugin_utils.refusal import Refusal

ARGUMENTS: dict[str, dict[str, Any]] = {
    "verb": {"required": True, "choices": ["status", "deploy", "rollback", "abort", "record", "install"]},
    "operation": {"type": "dict"},
    "environment": {"type": "str"},
    "component": {"type": "str"},
    "artifact": {"type": "dict"},
    "environment_file": {"type": "str", "no_log": True},
    "only_if_stopped": {"type": "bool", "default": False},
    "release": {"type": "int"},
    "event": {"type": "dict"},
}


class ActionModule(ActionBase):
    """Arguments in, one call of the host program, result out."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the verb; see `plugins/modules/release.py` for its keys."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        try:
            return result | self._act(arguments, self._host(task_vars))
        except (Refusal, CallError) as error:
            return result | _failure(arguments, str(error))

    def _act(self, arguments: dict[str, Any], host: HostCall) -> dict[str, Any]:
        verb = arguments["verb"]
        if verb == "install":
            return self._install(host)
        where = _Where(arguments)
        if self._task.check_mode and verb != "status":
            return self._would(where, arguments, host)
        if verb == "status":
            found = host([*where.state, "status"])
            return {"changed": False, "status": found}
        if verb == "record":
            event = {
                "actor": where.operation["actor"],
                "reason": where.operation["reason"],
                **(arguments["event"] or {}),
            }
            event = {
                "run": where.operation["run"],
                "component": where.component,
                "environment": where.environment,
                **event,
            }
            return _outcome(arguments, host([*where.state, "record"], json.dumps(event).encode()))
        if verb == "deploy":
            return _outcome(
                arguments, host([*where.state, "prepare,verify,switch,drain"], self._bundle(where, arguments))
            )
        chosen = ["--release", str(arguments["release"])] if arguments["release"] is not None else []
        return _outcome(arguments, host([*where.state, verb, where.component, *where.identity, *chosen]))

    def _install(self, host: HostCall) -> dict[str, Any]:
        current = host.is_current()
        if not current and not self._task.check_mode:
            host.install()
        return {"changed": not current}

    def _would(self, where: _Where, arguments: dict[str, Any], host: HostCall) -> dict[str, Any]:
        """Say what the verb would do, from what `status` says now."""
        verb = arguments["verb"]
        if not host.is_current():
            return {"changed": True, "msg": f"would install tta-ops, then {verb} {where.component}"}
        environments = host([*where.state, "status"])["environments"]
        here = environments.get(where.environment, {"components": {}}).get("components", {}).get(where.component, {})
        release = here.get("release")
        artifact = arguments["artifact"] or where.operation["artifact"] or {}
        if verb == "deploy" and release and release["artifact"]["tree"] == artifact.get("tree"):
            return {"changed": False, "msg": f"{where.component} {release['number']} already has this artifact"}
        return {"changed": verb != "abort", "msg": f"would {verb} {where.component} on {where.environment}"}

    def _bundle(self, where: _Where, arguments: dict[str, Any]) -> bytes:
        if arguments["environment_file"] is None:
            raise Refusal("a deploy needs the environment file", "environment_file: the text of the rendered file")
        artifact = arguments["artifact"] or where.operation["artifact"]
        if not artifact or artifact["component"] != where.component:
            raise Refusal(f"there is no artifact of {where.component}", "artifact: what is to be deployed")
        request = {
            "component": where.component,
            "artifact": artifact,
            "environment": where.environment,
            "environment_file": arguments["environment_file"],
            "only_if_stopped": arguments["only_if_stopped"],
        }
        return bundle.assemble(bundle.git_bytes(where.operation["monorepo"]), where.operation, request)

    def _host(self, task_vars: Mapping[str, Any]) -> HostCall:
        interpreter = str(self._templar.template(task_vars.get("ansible_python_interpreter") or ""))
        display = Display()

        def execute(command: str, stdin: bytes) -> Answer:
            done = self._low_level_execute_command(command, in_data=stdin or None)
            return Answer(done["rc"], done["stdout"], done["stderr"])

        return HostCall(
            execute,
            str(task_vars.get("inventory_hostname", "the host")),
            "" if interpreter.startswith("auto") else interpreter,
            lambda line: display.display(f"  {line}"),
        )


class _Where:
    """Which component in which environment, and with what the host program is told so."""

    def __init__(self, arguments: Mapping[str, Any]) -> None:
        """Read it from the operation, unless the arguments say otherwise."""
        if not arguments["operation"]:
            raise Refusal(f"{arguments['verb']} needs the operation", "operation: the fact that `ask` has set")
        self.operation: Mapping[str, Any] = arguments["operation"]
        self.environment = str(arguments["environment"] or self.operation["target"])
        self.component = str(arguments["component"] or self.operation["component"])
        self.state = ["--state", self.operation["environments"][self.environment]["state"]]

    @property
    def identity(self) -> list[str]:
        """Who acts and why, for acts that come without a bundle."""
        who = ["--actor", self.operation["actor"], "--run", self.operation["run"], "--reason", self.operation["reason"]]
        return ["--environment", self.environment, *who]


def _outcome(arguments: Mapping[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Turn the host program's result into the action's."""
    message = found.pop("message", "")
    if found.get("failed"):
        return found | _failure(arguments, message, found.get("outcome", "failed"), bool(found.get("changed")))
    return found | {"msg": message}


def _failure(
    arguments: Mapping[str, Any], message: str, outcome: str = "failed", changed: bool = False
) -> dict[str, Any]:
    verb = arguments["verb"]
    shown = "returned" if outcome in ("returned", "removed") else "failed"
    titles = {"deploy": "NOT DEPLOYED", "rollback": "NOT ROLLED BACK", "record": "NOT RECORDED"}
    report = {
        "headline": f"{titles.get(verb, f'FAILED {verb}')} {message.partition(';')[0]}",
        "outcome": shown,
        "criteria": [],
        "rows": [["what happened", message]],
        "next": ["ansible-playbook status.yml"],
    }
    return {"failed": True, "changed": changed, "msg": message, "report": report}
