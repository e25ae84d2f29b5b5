"""Action `gate`: judges a component at one commit by a list of gates, keeps the evidence, and says no once, for all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..plugin_utils import operation as operations
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.gates import criteria
from ..plugin_utils.gates.interruptible import interruptible
from ..plugin_utils.gates.judgement import JudgementRequest, judge_component

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
        "last_promoted_commit": {"type": "str", "default": ""},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return the judgement (see the documentation of the module of this name)."""
        request = _request(arguments, task_vars, keep=not self._task.check_mode)
        with interruptible():
            return judge_component(request)


def _request(arguments: Mapping[str, Any], task_vars: Mapping[str, Any], *, keep: bool) -> JudgementRequest:
    verifying = arguments["moment"] == "verify"
    operation = operations.of_stage(arguments["operation"], arguments["stages"])
    stage = operation["stage_wanted"]
    own = operation["environments"][stage]
    return JudgementRequest(
        operation=operation,
        criteria=criteria.VERIFIED if verifying else criteria.of_stage(stage),
        definitions=arguments["catalogues"].get("verification" if verifying else stage, []),
        extra=[] if verifying else [*own.get("gates", []), *arguments["extra"]],
        stages=arguments["stages"],
        environment={"local": operations.is_local(operation, task_vars), **own, **arguments["environment"]},
        evidence=Path(arguments["evidence"]).expanduser() if keep else None,
        progress=display.display,
        ledger=arguments["ledger"],
        last_promoted_commit=arguments["last_promoted_commit"],
    )
