"""Action `survey`: judges all components of the catalogue side by side and says which is nearest to its next stage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..plugin_utils import operation as operations
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.gates import circumstances
from ..plugin_utils.gates.interruptible import interruptible
from ..plugin_utils.gates.judgement import judge_component
from ..plugin_utils.maturity import document
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.reports import files
from ..plugin_utils.reports import survey as reports
from ..plugin_utils.survey import machine_problems, survey
from ..plugin_utils.tracking import page

display = Display()


class ActionModule(ControlNodeAction):
    """Runs on the control node only; writes evidence and reports, and in check mode nothing."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "catalogues": {"type": "dict", "required": True},
        "extra": {"type": "list", "elements": "dict", "default": []},
        "stages": {"type": "dict", "required": True},
        "evidence": {"type": "path", "required": True},
        "ledger": {"type": "list", "elements": "dict", "default": []},
        "issues": {"type": "dict", "default": {}},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `files` (for the monorepo), `pages` and the report."""
        operation, keep = arguments["operation"], not self._task.check_mode
        local = operations.local(operation, task_vars.get("hostvars") or {})
        catalogues = self.variables(arguments["catalogues"], task_vars)
        known = circumstances.read(arguments, catalogues, local, display.display, keep=keep)
        with interruptible():
            surveyed = survey(operation, known, judge_component)
        found = reports.build(operation, surveyed)
        pages = {"html": "", "md": "", "json": ""}
        if keep:
            pages = files.write(Path(operation["operator_state"]).expanduser() / "reports" / operation["run"], found)
        said = reports.report(found, page=pages["html"])
        trouble = machine_problems(surveyed)
        return {
            "failed": bool(trouble),
            "problems": trouble,
            "msg": "; ".join(trouble) or said["headline"],
            "pages": pages,
            # what only some gates said would look like the whole there
            "files": [] if operation["gates"] else [_page(operation, arguments, found)],
            "report": {
                **said,
                "outcome": "failed" if trouble else said["outcome"],
                "rows": [*said["rows"], *(["not judged", each] for each in trouble)],
            },
        }


def _page(operation: Mapping[str, Any], arguments: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, str]:
    name = operation["settings"]["status_page"]
    path = Path(operation["monorepo"]) / name
    try:
        known = document.decode(path.read_bytes(), name)
    except FileNotFoundError:
        known = None
    except OSError as error:
        raise Refusal(f"{name} cannot be read: {error.strerror}", "a readable file", f"ls -l {path}") from error
    rows = page.rows(operation["components"], arguments["stages"], arguments["ledger"])
    return {"path": str(path), "text": page.survey(page.write(known, rows, name), found, name)}
