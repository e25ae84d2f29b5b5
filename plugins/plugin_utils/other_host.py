"""A second connection in one action: to another host of the inventory, with that host's own variables."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ansible import constants as C
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import become_loader, connection_loader

from .host_call import Answer, CallError, HostCall

Tell = Callable[[str], None]


class Reached(NamedTuple):
    """A host that can be spoken to: its name, its host program, and what runs a shell command there."""

    name: str
    call: HostCall
    execute: Callable[[str, bytes], Answer]
    interpreter: str


def own(action: ActionBase, variables: Mapping[str, Any], tell: Tell) -> Reached:
    """Return the task's own host."""
    return _reached(action, variables, str(variables.get("inventory_hostname", "the host")), tell)


def other(action: ActionBase, variables: Mapping[str, Any], name: str, tell: Tell) -> Reached:
    """Return the host `name`; `variables` are its own, as `hostvars` has them."""
    second = copy.copy(action)
    second._play_context = _play_context(action, variables, name)
    second._connection = _connection(action, second._play_context, variables)
    return _reached(second, variables, name, tell)


def _reached(action: ActionBase, variables: Mapping[str, Any], name: str, tell: Tell) -> Reached:
    found = str(action._templar.template(variables.get("ansible_python_interpreter") or ""))
    interpreter = "" if found.startswith("auto") else found

    def execute(command: str, stdin: bytes) -> Answer:
        done = action._low_level_execute_command(command, in_data=stdin or None)
        return Answer(done["rc"], done["stdout"], done["stderr"])

    return Reached(name, HostCall(execute, name, interpreter, tell), execute, interpreter)


def explained(name: str, error: AnsibleConnectionFailure) -> CallError:
    """Return the sentence for a host that cannot be reached."""
    return CallError(f"{name} cannot be reached: {' '.join(str(error).split())[:300]}")


def _play_context(action: ActionBase, variables: Mapping[str, Any], name: str) -> Any:
    context = action._play_context.copy()
    context.remote_addr = str(variables.get("ansible_host") or name)
    context.remote_user = variables.get("ansible_user") or context.remote_user
    context.port = int(variables["ansible_port"]) if variables.get("ansible_port") else None
    context.connection = str(variables.get("ansible_connection") or "ssh")
    return context


def _connection(action: ActionBase, context: Any, variables: Mapping[str, Any]) -> Any:
    connection = connection_loader.get(
        context.connection, context, None, task_uuid=action._task._uuid, ansible_playbook_pid=str(os.getppid())
    )
    if connection is None:
        raise AnsibleError(f"the connection plugin {context.connection!r} was not found")
    become = _become(action, variables)
    connection.set_become_plugin(become)
    keys = {key: value for key, value in action._task.dump_attrs().items() if key != "retries"}
    keys["timeout"] = context.timeout
    if context.password:
        keys["password"] = context.password
    if context.become_pass:
        keys["become_pass"] = context.become_pass
    connection.set_options(task_keys=keys, var_options=_options("connection", connection, variables))
    connection._shell.set_options(task_keys=keys, var_options=_options("shell", connection._shell, variables))
    if become is not None:
        become.set_options(task_keys=keys, var_options=_options("become", become, variables))
        context.set_become_plugin(become.name)
    return connection


def _become(action: ActionBase, variables: Mapping[str, Any]) -> Any:
    wanted = variables.get("ansible_become", action._task.become)
    if str(wanted).lower() not in ("true", "yes", "1", "on"):
        return None
    return become_loader.get(str(variables.get("ansible_become_method") or action._task.become_method or "sudo"))


def _options(kind: str, plugin: Any, variables: Mapping[str, Any]) -> dict[str, Any]:
    names = C.config.get_plugin_vars(kind, plugin._load_name)
    return {name: variables[name] for name in names if name in variables}
