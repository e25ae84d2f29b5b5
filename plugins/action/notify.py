"""Action `notify`: tells those who want to know. That somebody could not be told is said, waits, and fails nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.notices import sending, settings, waiting, words
from ..plugin_utils.refusal import Refusal


class ActionModule(ControlNodeAction):
    """Tells `environment_webhook` and `environment_notify` of the target; addresses are secret and never shown."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "event": {"type": "str", "required": True},
        "result": {"type": "dict", "default": {}},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `notified` and `msg`."""
        operation = arguments["operation"]
        first = task_vars["hostvars"][operation["environments"][operation["target"]]["hosts"][0]]
        where = f"environment_notify of {operation['target']}"
        try:
            receivers = settings.checked(
                self._plain(first.get("environment_notify")), str(first.get("environment_webhook") or ""), where
            )
        except Refusal as refusal:
            Display().warning(f"nobody was told: {refusal}")
            return {"notified": False, "msg": str(refusal)}
        if not receivers or self._task.check_mode:
            return {"notified": False, "msg": "nobody is to be told"}
        problems = _tell(operation, receivers, words.message(operation, arguments["event"], arguments["result"]))
        for name, problem in problems.items():
            who = f"{name} of {operation['target']}" if name == settings.OWN else f"{name} ({where})"
            Display().warning(f"{who} was not told: {problem}; the next run tries again")
        return {"notified": not problems, "msg": "; ".join(problems.values()) or "told"}

    def _plain(self, value: Any) -> Any:
        return self._templar.template(value) if value else []


def _tell(operation: Mapping[str, Any], receivers: list[settings.Receiver], told: dict[str, Any]) -> dict[str, str]:
    folder = Path(operation["operator_state"]) / "notifications" / str(operation["target"])
    try:
        return waiting.Waiting(folder, sending.send).tell(receivers, told, waiting.now())
    except OSError as error:
        return {"notifications": f"{folder} cannot be written ({error.strerror})"}
