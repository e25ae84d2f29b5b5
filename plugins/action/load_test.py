"""Action `load_test`: puts load on what serves there, from the control node, while the host says what it uses."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils.gates.export import export
from ..plugin_utils.host_call import Answer, CallError, HostCall
from ..plugin_utils.load import command, comparing, running, served, told, verdict
from ..plugin_utils.refusal import Refusal, refused

ARGUMENTS: dict[str, dict[str, Any]] = {
    "step": {"choices": ["run", "conclude"], "default": "run"},
    "operation": {"type": "dict", "required": True},
    "status": {"type": "dict", "default": {}},
    "users": {"type": "int", "default": 100},
    "rate": {"type": "float", "default": 10.0},
    "seconds": {"type": "int", "default": 300},
    "data": {"type": "dict", "default": {}},
}


class ActionModule(ActionBase):
    """Runs on the environment's first host; locust itself runs on the control node."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `event` for the ledger, or the end of the run; see `plugins/modules/load_test.py`."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        try:
            if arguments["step"] == "conclude":
                return result | _concluded(arguments)
            return result | self._tested(arguments, task_vars)
        except Refusal as refusal:
            return result | refused("load-test", refusal)
        except CallError as error:
            return result | {"failed": True, "msg": str(error)}

    def _tested(self, arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        operation = arguments["operation"]
        load = command.Load(arguments["users"], arguments["rate"], arguments["seconds"]).checked()
        found = served.find(operation, arguments["status"])
        files = served.locustfiles(operation)
        if not operation["monorepo"]:
            raise Refusal(
                "no checkout of the monorepo is here",
                "the checkout that has the locustfile",
                "-e monorepo=/path/to/checkout",
            )
        commit = str(found.artifact["commit"])
        rows = [["would load", f"{found.address} with {load.users} users for {load.seconds} s (commit {commit[:12]})"]]
        if self._task.check_mode:
            headline = f"PLAN load test of {operation['component']} on {operation['target']}"
            told_there = {"headline": headline, "outcome": "done", "criteria": [], "rows": rows, "next": []}
            return {"changed": False, "event": {}, "report": told_there}
        Display().display(f"  loads {found.address} with {load.users} users for {load.seconds} s")
        usage = self._usage(operation, load, task_vars)
        with tempfile.TemporaryDirectory(prefix="tta-load-") as scratch:
            tree = export(operation["monorepo"], commit, Path(scratch) / "tree")
            paths = [str(tree / one) for one in files]
            missing = [one for one, path in zip(files, paths, strict=True) if not Path(path).is_file()]
            if missing:
                raise Refusal(f"the commit that serves has no {missing[0]}", "the locustfile that the catalogue names")
            roots = [tree / root for root in operation["settings"]["import_roots"]]
            out = Path(scratch) / "result.json"
            variables = command.environment(os.environ, found.variables, roots, load, out)
            typed = command.arguments(paths, found.address, load)
            ran = running.run(typed, variables, tree, load.seconds, out, usage)
        data = verdict.data(ran.result, load, ran.beside, ran.said)
        where = (operation["component"], operation["target"])
        before = comparing.last_passing(found.entries, *where, load)
        data = comparing.judged(data, operation["entry"].get("sla") or {}, before)
        event = {"event": "load-tested", "artifact": found.artifact, "release": found.release, "data": data}
        return {"changed": True, "event": event}

    def _usage(
        self, operation: Mapping[str, Any], load: command.Load, task_vars: Mapping[str, Any]
    ) -> Callable[[], dict[str, Any]]:
        """Return what asks the host; that it cannot say is a problem of the result, not the end of the test."""
        name = str(task_vars.get("inventory_hostname", "the host"))
        interpreter = str(self._templar.template(task_vars.get("ansible_python_interpreter") or ""))

        def execute(line: str, stdin: bytes) -> Answer:
            done = self._low_level_execute_command(line, in_data=stdin or None)
            return Answer(done["rc"], done["stdout"], done["stderr"])

        host = HostCall(execute, name, "" if interpreter.startswith("auto") else interpreter)
        state = operation["environments"][operation["target"]]["state"]
        asked = ["--state", state, "load-usage", operation["component"], "--environment", operation["target"]]

        def usage() -> dict[str, Any]:
            try:
                answer = host([*asked, "--seconds", str(load.seconds)])
            except CallError as error:
                return {"cpu": None, "memory_mb": None, "usage_problem": str(error)}
            said = {key: answer.get(key) for key in ("cpu", "cpu_most", "memory_mb", "restarts")}
            return {**said, **({"usage_problem": answer["problem"]} if answer.get("problem") else {})}

        return usage


def _concluded(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report; failed unless everything that was promised was kept."""
    report = told.report(arguments["operation"], arguments["data"])
    bad = report["outcome"] == "failed"
    return {"changed": False, "failed": bad, "msg": report["headline"], "report": report}
