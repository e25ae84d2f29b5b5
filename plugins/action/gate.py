"""Action `gate`: judges a component at one commit by a list of gates, keeps the evidence, and says no once, for all."""

from __future__ import annotations

from typing import Any, ClassVar

from ansible.utils.display import Display

from ..plugin_utils import operation as operations
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.gates import circumstances
from ..plugin_utils.gates.interruptible import interruptible
from ..plugin_utils.gates.judgement import judge_component

display = Display()


class ActionModule(ControlNodeAction):
    """Runs on the control node only; writes nothing but evidence, and in check mode not even that."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "catalogues": {"type": "dict", "required": True},
        "extra": {"type": "list", "elements": "dict", "default": []},
        "stages": {"type": "dict", "required": True},
        "environment": {"type": "dict", "default": {}},
        "evidence": {"type": "path", "required": True},
        "moment": {"type": "str", "choices": ["judge", "verify"], "default": "judge"},
        "ledger": {"type": "list", "elements": "dict", "default": []},
        "issues": {"type": "dict", "default": {}},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return the judgement (see the documentation of the module of this name)."""
        operation, environment = arguments["operation"], arguments["environment"]
        local = operations.local(operation, task_vars.get("hostvars") or {})
        catalogues = self.variables(arguments["catalogues"], task_vars)
        known = circumstances.read(arguments, catalogues, local, display.display, keep=not self._task.check_mode)
        if arguments["moment"] == "verify":
            request = circumstances.of_verification(known, operation, environment)
        else:
            request = circumstances.request(known, operation, folder=operation["run"], environment=environment)
        with interruptible():
            found = judge_component(request)
        warned = found.pop("warnings")  # which is Ansible's own key of a result
        if self._task.check_mode and operation["verb"] == "promote-production":
            found["failed"] = False  # the plan says what is missing, and until when
        return {**found, "warned": warned}
