"""Action `carry`: makes the images that were built on another host be on this one, through the control node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils import carry, heartbeat, other_host
from ..plugin_utils.host_call import CallError
from ..plugin_utils.refusal import Refusal
from .release import Where

ARGUMENTS: dict[str, dict[str, Any]] = {
    "operation": {"type": "dict", "required": True},
    "source": {"type": "str"},
    "component": {"type": "str"},
    "environment": {"type": "str"},
    "artifact": {"type": "dict"},
    "if_there": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):
    """Arguments in, images carried, result out."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `{changed, bytes, carried, seconds, artifact}`; see `plugins/modules/carry.py`."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        name = str(task_vars.get("inventory_hostname"))
        if self._task.check_mode:
            return result | {"changed": False, "msg": "images are carried when something is deployed"}
        try:
            return result | carried(
                self, Where({**arguments, "state": None}, name), arguments, task_vars, if_there=arguments["if_there"]
            )
        except (Refusal, CallError) as error:
            return result | {"failed": True, "changed": False, "msg": str(error), "report": _report(name, str(error))}


def carried(
    action: ActionBase,
    where: Where,
    arguments: Mapping[str, Any],
    task_vars: dict[str, Any],
    lease: Mapping[str, Any] | None = None,
    *,
    if_there: bool = False,
) -> dict[str, Any]:
    """Make the images be on the task's own host as they are on the host `source`.

    The `lease` there {component, environment, run, actor, reason, fence} is kept alive meanwhile.
    """
    name = str(task_vars["inventory_hostname"])
    source = str(arguments.get("source") or where.operation["environments"][where.environment]["hosts"][0])
    if name == source:
        return {"changed": False, "msg": "it has its own images"}
    there = Where({**arguments, "state": None, "environment": None, "component": where.component}, source)
    display = Display()

    def tell(line: str) -> None:
        display.display(f"  {line}")

    first = other_host.other(action, task_vars["hostvars"][source], source, tell)
    ends = carry.End(first, there.state[1]), carry.End(other_host.own(action, task_vars, tell), where.state[1])
    fence = int((lease or {}).get("fence") or 0)
    artifact, registry = where.artifact(arguments.get("artifact")), where.settings.get("registry") or None
    with heartbeat.beating(first.call if fence else None, there.state[1], lease or {}, fence):
        try:
            found = carry.carry(artifact, *ends, tell, registry, if_there=if_there)
        except AnsibleConnectionFailure as error:
            raise other_host.explained(f"{name} or {source}", error) from error
    rate = found["carried"] / 1e6 / found["seconds"] if found["seconds"] else 0
    said = f"carried {found['carried'] / 1e6:.1f} MB from {source} in {found['seconds']:.1f} s ({rate:.0f} MB/s)"
    return found | {"msg": said if found["changed"] else f"all images of {where.component} were on {name}"}


def _report(name: str, message: str) -> dict[str, Any]:
    return {
        "headline": f"NOT CARRIED to {name}: {message.partition(';')[0]}",
        "outcome": "failed",
        "criteria": [],
        "rows": [["what happened", message]],
        "next": ["ansible-playbook status.yml"],
    }
