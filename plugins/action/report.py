"""Action `report`: what runs where and what is missing, from the answers of the hosts and the operator's evidence."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.tracking import judged
from ..plugin_utils.tracking.overview import Facts, Host, overview


class ActionModule(ControlNodeAction):
    """Runs on the control node only; expects `host_status` registered on every host that answered."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "stages": {"type": "dict", "required": True},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `report` and `msg`; note in the operator's state what each host said."""
        operation = arguments["operation"]
        now = datetime.now(UTC)
        folder = Path(operation["operator_state"])
        hosts = [
            _host(host, name, task_vars["hostvars"], folder)
            for name, settings in operation["environments"].items()
            for host in settings["hosts"]
        ]
        report = overview(
            Facts(
                components=[operation["component"]] if operation["component"] else sorted(operation["components"]),
                stages=arguments["stages"],
                hosts=hosts,
                verdicts=judged.verdicts_below(folder / "evidence"),
                today=now.date(),
                tree=(operation["artifact"] or {}).get("tree"),
            )
        )
        if not self._task.check_mode:
            seen = now.isoformat(timespec="seconds").replace("+00:00", "Z")
            _note(folder, seen, [host for host in hosts if host.answer is not None])
        return {"msg": report["headline"], "report": report}


def _host(name: str, environment: str, hostvars: Mapping[str, Mapping[str, Any]], folder: Path) -> Host:
    answer = hostvars[name].get("host_status", {}).get("status")
    if answer is not None:
        return Host(name, environment, answer)
    try:
        noted = json.loads(_last_known(folder, name).read_text(encoding="utf-8"))
        return Host(name, environment, None, noted["status"], noted["seen"])
    except (OSError, ValueError, KeyError):  # never seen, or a torn note: nothing is known
        return Host(name, environment, None)


def _last_known(folder: Path, host: str) -> Path:
    return folder / "last-known" / f"{host}.json"


def _note(folder: Path, seen: str, hosts: list[Host]) -> None:
    """Write down what each host said, for the day on which it is silent; not being able to is worth a warning."""
    for host in hosts:
        path = _last_known(folder, host.name)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = path.with_suffix(f".{os.getpid()}")
            new.write_text(json.dumps({"schema": 1, "seen": seen, "status": host.answer}, sort_keys=True) + "\n")
            new.replace(path)
        except OSError as error:
            Display().warning(f"{path} cannot be written: {error.strerror}; {host.name} will have no last known state")
