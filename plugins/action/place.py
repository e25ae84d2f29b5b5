"""Action `place`: writes many small files into one folder of a host, in two commands where nothing is to be changed."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.plugins.action import ActionBase

ARGUMENTS: dict[str, dict[str, Any]] = {
    "folder": {"type": "str", "required": True},
    "files": {"type": "list", "elements": "dict", "required": True},
}


class ActionModule(ActionBase):
    """Each file is replaced as a whole, and only when it differs."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `written`, the names of what was or would be changed."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        folder, files = arguments["folder"], arguments["files"]
        there = self._execute(f"cd {shlex.quote(folder)} && sha256sum -- {_names(files)}; true")
        known = dict(reversed(line.split("  ", 1)) for line in there["stdout"].splitlines() if "  " in line)
        changed = [one for one in files if known.get(one["name"]) != _hash(one["text"])]
        if changed and not self._task.check_mode:
            for one in changed:
                done = self._execute(write(f"{folder}/{one['name']}"), one["text"])
                if done["rc"]:
                    said = " ".join(done["stderr"].split())[:300]
                    return result | {"failed": True, "msg": f"{folder}/{one['name']} cannot be written: {said}"}
        return result | {"changed": bool(changed), "written": [one["name"] for one in changed]}

    def _execute(self, command: str, text: str = "") -> dict[str, Any]:
        done: dict[str, Any] = self._low_level_execute_command(command, in_data=text.encode() or None)
        return done


def write(path: str) -> str:
    """Return the command that replaces a file with what comes on stdin."""
    target, folder = shlex.quote(path), shlex.quote(path.rpartition("/")[0])
    filled = f't=$(mktemp {target}.XXXXXX) && cat > "$t" && chmod 644 "$t"'
    return f'umask 022; mkdir -p {folder} && {filled} && mv -f "$t" {target}'


def _names(files: Sequence[Mapping[str, Any]]) -> str:
    return shlex.join(str(one["name"]) for one in files)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
