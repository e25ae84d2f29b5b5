"""Action `gate`: judges a component at one commit by a list of gates, keeps the evidence, and says no once, for all."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any, ClassVar

from ansible.utils.display import Display

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.gates import criteria as all_criteria
from ..plugin_utils.gates import definition, evidence, merge
from ..plugin_utils.gates.judge import Judged, exported, judge
from ..plugin_utils.gates.report import plain, report
from ..plugin_utils.indicators import KNOWN
from ..plugin_utils.refusal import Refusal

display = Display()


class ActionModule(ControlNodeAction):
    """Runs on the control node only; writes nothing but evidence, and in check mode not even that."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "gates": {"type": "list", "elements": "dict", "required": True},
        "extra": {"type": "list", "elements": "dict", "default": []},
        "stages": {"type": "dict", "required": True},
        "environment": {"type": "dict", "required": True},
        "evidence": {"type": "path", "required": True},
        "moment": {"type": "str", "choices": ["judge", "verify"], "default": "judge"},
        "last_promoted_commit": {"type": "str", "default": ""},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return the judgement (see the documentation of the module of this name)."""
        _require_component(arguments["operation"])
        return _judgement(arguments, task_vars, keep=not self._task.check_mode)


def _judgement(arguments: Mapping[str, Any], task_vars: Mapping[str, Any], *, keep: bool) -> dict[str, Any]:
    operation = arguments["operation"]
    verifying = arguments["moment"] == "verify"
    criteria = all_criteria.VERIFIED if verifying else all_criteria.of_stage(operation["stage_wanted"])
    definitions = merge.merged(arguments["gates"], arguments["extra"])
    gates = definition.check(definitions, criteria, KNOWN)
    environment = {"local": _is_local(operation, task_vars), **arguments["environment"]}
    last = arguments["last_promoted_commit"]
    with _interruptible(), exported(operation, arguments["stages"], environment, last) as (subject, scratch):
        judged = judge(gates, subject, scratch, display.display, Event())
    verdicts = [dict(one.verdict) for one in judged]
    kept: dict[str, str] = {"path": "", "root_sha256": ""}
    if keep:
        folder = Path(arguments["evidence"]).expanduser() / operation["run"]
        root, verdicts = evidence.write(folder, operation, definitions, judged)
        kept = {"path": str(folder), "root_sha256": root}
    told = report(operation, criteria, judged, kept["path"])
    number, of = all_criteria.met(criteria, verdicts)
    promotable = all_criteria.promotable(criteria, verdicts)
    return {
        "changed": False,
        "failed": not promotable,
        "msg": plain(told),
        "verdicts": verdicts,
        "criteria": told["criteria"],
        "met": f"{number}/{of}",
        "promotable": promotable,
        "evidence": kept,
        "coverage": _coverage(judged),
        "report": told,
    }


def _coverage(judged: list[Judged]) -> dict[str, float]:
    """Return the coverage that was measured, by the kind of tests."""
    return {
        str(one.gate.indicator["kind"]): float(one.verdict["found"])
        for one in judged
        if one.gate.indicator["type"] == "tests" and one.gate.unit == "%" and one.verdict["found"] is not None
    }


def _is_local(operation: Mapping[str, Any], task_vars: Mapping[str, Any]) -> bool:
    """Say whether the target's hosts are this machine: only then can its ports and files be looked at from here."""
    target = (operation.get("environments") or {}).get(operation.get("target")) or {}
    hostvars = task_vars.get("hostvars") or {}
    known = [host for host in target.get("hosts", []) if host in hostvars]
    return all(hostvars[host].get("ansible_connection") == "local" for host in known)


def _require_component(operation: Mapping[str, Any]) -> None:
    for key in ("component", "entry", "artifact", "monorepo", "stage_wanted"):
        if not operation.get(key):
            raise Refusal(f"the operation has no {key}", "the fact `operation` of a component", "-e component=NAME")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn a termination into an exception while gates run, so that what they started is taken away again."""

    def end(number: int, frame: FrameType | None) -> None:
        for other in before:  # Ansible sends a second one soon: it must not disturb what the first has begun
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt(signal.Signals(number).name)

    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    for number in before:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
