"""Action `backup`: has the host program set backups up, take restore points, say what a restore would lose, restore."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils.host.backup import durations
from ..plugin_utils import backup_key, backups, restores
from ..plugin_utils.host_call import Answer, CallError, HostCall
from ..plugin_utils.look import restore_points
from ..plugin_utils.refusal import Refusal, refused
from .release import Where

ARGUMENTS: dict[str, dict[str, Any]] = {
    "verb": {"required": True, "choices": ["configure", "backup", "plan_restore", "restore", "forget"]},
    "operation": {"type": "dict", "required": True},
    "settings": {"type": "dict", "default": {}, "no_log": True},
    "components": {"type": "list", "elements": "str", "default": []},
    "environment": {"type": "str"},
    "verify": {"type": "str", "choices": ["full", "deferred"], "default": "full"},
    "point": {"type": "str"},
    "accept_loss": {"type": "str"},
}


class ActionModule(ActionBase):
    """Arguments in, calls of the host program, result out."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the verb; see `plugins/modules/backup.py` for its keys."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        verb, name = arguments["verb"], str(task_vars.get("inventory_hostname", "the host"))
        try:
            where = Where({**arguments, "component": None, "state": None}, name)
            return result | _VERBS[verb](arguments, where, self._host(task_vars, name), self._task.check_mode)
        except Refusal as refusal:
            return result | refused(str(arguments["operation"]["verb"]), refusal)
        except CallError as error:
            return result | _failed(verb, str(error))

    def _host(self, task_vars: Mapping[str, Any], name: str) -> HostCall:
        interpreter = str(self._templar.template(task_vars.get("ansible_python_interpreter") or ""))
        display = Display()

        def execute(command: str, stdin: bytes) -> Answer:
            done = self._low_level_execute_command(command, in_data=stdin or None)
            return Answer(done["rc"], done["stdout"], done["stderr"])

        own = "" if interpreter.startswith("auto") else interpreter
        return HostCall(execute, name, own, lambda line: display.display(f"  {line}"))


def _configure(arguments: dict[str, Any], where: Where, host: HostCall, check: bool) -> dict[str, Any]:
    operation = where.operation
    known = backups.settings(arguments["settings"], f"environment_backups of {where.environment}")
    backups.require_declared(operation["components"], _names(arguments, where))
    key = backup_key.key(known["key"], str(operation["operator_state"]), where.environment)
    jobs = backups.jobs(where.environment, known["schedule"])
    absent = [name for name in backups.all_jobs(where.environment) if name not in [job["name"] for job in jobs]]
    if check:
        return {"changed": False, "msg": "would set the repository up", "jobs": jobs, "absent": absent}
    request = backups.request(known, operation["components"], key.text, fresh=key.fresh)
    found = host([*where.state, "configure-backups", *where.place], json.dumps(request).encode())
    if found.get("failed"):
        return _failed("configure", found["message"])
    backup_key.escrow(key, str(found.pop("key", None) or key.text))
    kept = f"in {key.path} of this machine" if key.path else "where environment_backups.key of your inventory says"
    said = (
        f"{found['message']}; its key is escrowed {kept}: copy it to a third place, without it nothing can be restored"
    )
    return {**found, "msg": said, "escrow": str(key.path or ""), "jobs": jobs, "absent": absent}


def _names(arguments: Mapping[str, Any], where: Where) -> list[str]:
    own = [where.operation["component"]] if where.operation["component"] else []
    names: list[str] = list(arguments["components"] or own)
    return names


def _backup(arguments: dict[str, Any], where: Where, host: HostCall, check: bool) -> dict[str, Any]:
    names = _names(arguments, where)
    if check:
        what = ", ".join(names) or "every component that runs there"
        return {"changed": True, "msg": f"would back up {what} on {where.environment}", "points": {}}
    points: dict[str, Any] = {}
    for name in names or [""]:
        chosen = [name] if name else []
        call = [*where.state, "backup", *chosen, *where.identity, "--verify", arguments["verify"]]
        found = host(call)
        points |= {key: one["point"] for key, one in found.get("components", {}).items() if "point" in one}
        if found.get("failed"):
            return {**_failed("backup", found["message"]), "changed": bool(points), "points": points}
    if not points:
        return _failed("backup", f"nothing runs on {where.environment} that could be backed up: deploy it first")
    said = restore_points.taken({**where.operation, "target": where.environment}, points)
    return {"changed": True, "msg": said["headline"], "points": points, "report": said}


def _plan(arguments: dict[str, Any], where: Where, host: HostCall, _check: bool) -> dict[str, Any]:
    found = host.read([*where.state, "points", where.component, *where.place])
    if found.get("failed"):
        return _failed("restore", found["message"])
    known = found["components"].get(where.component, {}).get("points", [])
    point = restores.chosen(known, arguments["point"], where.component, where.environment)
    lost = restores.accepted(point, arguments["accept_loss"], time.time())
    said = f"{where.component} goes back to {point['at']}; lost is what was written since, {durations.text(lost)}"
    return {"changed": False, "msg": said, "point": point["id"], "lost_seconds": round(lost)}


def _restore(arguments: dict[str, Any], where: Where, host: HostCall, check: bool) -> dict[str, Any]:
    if check:
        return {"changed": True, "msg": f"would restore {where.component} on {where.environment}"}
    how = ["--verify", arguments["verify"], "--accept-loss", str(arguments["accept_loss"] or "")]
    how += ["--point", arguments["point"]] if arguments["point"] else []
    found = host([*where.state, "restore", where.component, *where.identity, *how])
    found |= found.get("components", {}).get(where.component, {})
    if found.get("failed"):
        return {**_failed("restore", found["message"]), "outcome": found.get("outcome"), "changed": found["changed"]}
    said = restore_points.restored(where.operation, found)
    return {**found, "msg": found["message"], "report": said}


def _forget(arguments: dict[str, Any], where: Where, host: HostCall, check: bool) -> dict[str, Any]:
    if check:
        return {"changed": False, "msg": "would forget what no rule keeps"}
    found = host([*where.state, "forget", *where.place])
    return _failed("forget", found["message"]) if found.get("failed") else {**found, "msg": found["message"]}


def _failed(verb: str, message: str) -> dict[str, Any]:
    return {"failed": True, "changed": False, "msg": message, "report": restore_points.failed(verb, message)}


_VERBS = {"configure": _configure, "backup": _backup, "plan_restore": _plan, "restore": _restore, "forget": _forget}
