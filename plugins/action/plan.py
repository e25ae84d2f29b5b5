"""Action `plan`: says what a rollback will do before it does, or refuses it, from what the hosts have said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..plugin_utils import repository, way_back
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.look import way
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.way_back import WayBack


class ActionModule(ControlNodeAction):
    """Runs on the control node only; expects `host_status` registered on every host of the target."""

    ARGUMENTS: ClassVar = {"operation": {"type": "dict", "required": True}}

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `number`, `origin`, `goal` (releases), `subject` (an operation), `untested`; always shown."""
        operation = arguments["operation"]
        hosts = operation["environments"][operation["target"]]["hosts"]
        # A plan shows what would be lost; to go on, that has to be accepted.
        asked = {**operation, "shows": self._task.check_mode}
        ways = {host: _found(asked, task_vars["hostvars"][host].get("host_status") or {}) for host in hosts}
        found = _alike(operation, ways)
        subject, untested = _subject(operation, found)
        told = way.lines(operation, found, untested)
        report = {"report": way.report(operation, found, untested)} if self._task.check_mode else {}
        return {
            "_ansible_verbose_always": True,
            "msg": told,
            "number": found.goal["number"],
            "origin": dict(found.origin),
            "goal": dict(found.goal),
            "point": dict(found.point) if found.point else None,
            "subject": subject,
            "untested": untested,
            **report,
        }


def _found(operation: Mapping[str, Any], answer: Mapping[str, Any]) -> WayBack:
    here = ((answer.get("status") or {}).get("environments") or {}).get(operation["target"]) or {}
    facts = (here.get("components") or {}).get(operation["component"]) or {}
    return way_back.find(operation, facts, (here.get("ledger") or {}).get("entries") or [])


def _alike(operation: Mapping[str, Any], ways: Mapping[str, WayBack]) -> WayBack:
    """Return the way of all hosts; refuse when they do not serve, or would not return to, the same release."""
    first = next(iter(ways.values()))
    for one in ways.values():
        if (one.origin["tree"], one.goal["tree"]) != (first.origin["tree"], first.goal["tree"]):
            said = ", ".join(f"{name} {way.origin['number']} → {way.goal['number']}" for name, way in ways.items())
            raise Refusal(
                f"the hosts of {operation['target']} are not alike ({said})",
                "one artifact on all of them",
                f"ansible-playbook deploy.yml -e component={operation['component']} -e target={operation['target']}",
            )
    return first


def _subject(operation: Mapping[str, Any], found: WayBack) -> tuple[dict[str, Any], str]:
    """Return the operation of the release that is returned to, and why its tests cannot run here, empty if they can."""
    monorepo, goal = operation["monorepo"], found.goal
    artifact = {"schema": 1, "component": operation["component"], "commit": goal["commit"], "tree": goal["tree"]}
    subject = {
        **operation,
        "artifact": {**artifact, "images": goal["images"], "built": None},
        "commit": goal["commit"],
    }
    if not ((operation["entry"]["tests"].get("integration") or {}).get("paths")):
        return subject, f"the catalogue declares no integration tests of {operation['component']}"
    if not monorepo:
        return subject, "no checkout of the monorepo is here (-e monorepo=/path/to/checkout)"
    try:
        repository.commit_of(repository.git_in(monorepo), str(goal["commit"]), monorepo)
    except Refusal as refusal:
        return subject, refusal.found
    return subject, ""
