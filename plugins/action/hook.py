"""Action `hook`: runs a command of the operator's on the control node, with the release in its environment."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..plugin_utils import hooks
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.refusal import Refusal

_LINES = 20


class ActionModule(ControlNodeAction):
    """Runs on the control node only; in check mode it says what it would run."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "moment": {"type": "str", "choices": list(hooks.MOMENTS), "required": True},
        "hook": {"type": "dict", "required": True},
        "result": {"type": "dict", "default": {}},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `told` (its environment) and, for a file of tasks, `tasks` (its path); `stdout` of a command."""
        operation, hook, moment = arguments["operation"], arguments["hook"], arguments["moment"]
        told = hooks.environment(operation, moment, arguments["result"], _serving(operation, task_vars))
        if hook["tasks"]:
            path = _path(hook["tasks"], task_vars)
            return {"told": told, "tasks": str(path), "msg": f"{moment}: tasks of {path}"}
        shown = f"{moment}: {shlex.join(hook['command'])}"
        if self._task.check_mode:
            return {"told": told, "tasks": "", "changed": True, "msg": f"would run {shown}"}
        return {"told": told, "tasks": "", "changed": True, **_run(hook, told, shown)}


def _run(hook: Mapping[str, Any], told: Mapping[str, str], shown: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            hook["command"],
            env={**os.environ, **told},
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=hook["seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"failed": True, "msg": f"{shown} was not done within {hook['seconds']:g} s"}
    except OSError as error:
        return {"failed": True, "msg": f"{shown} cannot be run: {error.strerror}"}
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()[-_LINES:]
    said = f"{shown} ended with {done.returncode}{': ' + lines[-1] if lines and done.returncode else ''}"
    return {"failed": bool(done.returncode), "msg": said, "stdout": done.stdout, "stderr": done.stderr}


def _path(given: str, task_vars: Mapping[str, Any]) -> Path:
    """Return the file of tasks; a relative path is one beside the inventories."""
    beside = Path(str(task_vars.get("inventory_dir") or ".")) / ".."
    path = Path(given).expanduser()
    found = path if path.is_absolute() else (beside / path)
    if not found.is_file():
        raise Refusal(f"the hook's tasks {found} are no file", "a file of tasks on the control node")
    return found.resolve()


def _serving(operation: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record of the release that served when the hosts were asked; empty when there was none."""
    first = operation["environments"][operation["target"]]["hosts"][0]
    answer = (task_vars["hostvars"][first].get("host_status") or {}).get("status") or {}
    here = (answer.get("environments") or {}).get(operation["target"]) or {}
    facts = (here.get("components") or {}).get(operation["component"]) or {}
    return dict(facts.get("release") or {})
