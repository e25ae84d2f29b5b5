"""Action `week`: shows what recorders saw, in the terminal and on a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.observation import page, terminal
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.reports import html


class ActionModule(ControlNodeAction):
    """Runs on the control node only; writes one page."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "reports": {"type": "list", "elements": "dict", "default": []},
        "problems": {"type": "list", "elements": "str", "default": []},
        "page": {"type": "str", "default": ""},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `report`, `msg` and `page`; failed when a recorder could not tell something."""
        operation, reports, problems = arguments["operation"], arguments["reports"], arguments["problems"]
        own = operation.get("component")
        chosen = [one for one in reports if own in (None, one["component"])]
        path = Path(arguments["page"] or f"{operation['operator_state']}/observation/{own or 'all'}.html")
        shown = str(path) if chosen and not self._task.check_mode else ""
        if shown:
            _write(path, page.document(chosen, problems, operation["components"], operation["run"]))
        report = terminal.report(chosen, problems, shown, own)
        return {"failed": bool(problems), "msg": report["headline"], "report": report, "page": shown}


def _write(path: Path, document: dict[str, Any]) -> None:
    texts = {path: html.render(document), path.with_suffix(".json"): _json(document)}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file, text in texts.items():
            file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refusal(f"the page {path} cannot be written: {error.strerror}", "room and the right to write") from error


def _json(document: dict[str, Any]) -> str:
    """Return the document without what was only drawn of it."""
    drawn = ("latency", "use", "memory", "titles")
    kept = [{key: value for key, value in one.items() if key not in drawn} for one in document["components"]]
    return json.dumps({**document, "components": kept}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
