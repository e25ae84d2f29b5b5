"""Action `receipt`: ends a deploy or a rollback with what came of it: who serves since when, and what users saw."""

from __future__ import annotations

from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.look import receipt, returned


class ActionModule(ControlNodeAction):
    """Runs on the control node only; reads what the run has gathered."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "way": {"type": "dict", "default": {}},
        "result": {"type": "dict", "required": True},
        "boxes": {"type": "dict", "default": {}},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `report` and `msg`; failed when one of the five boxes of a rollback is."""
        if not arguments["way"]:
            told = receipt.deployed(arguments["operation"], arguments["result"])
            return {"msg": told["headline"], "report": told}
        boxes = returned.boxes(arguments["result"], arguments["boxes"])
        report = returned.report(arguments["operation"], arguments["way"], arguments["result"], boxes)
        return {"failed": report["outcome"] == "failed", "msg": report["headline"], "report": report}
