"""Indicator `command`: whatever a tool prints and however it ends, garbage never becomes a pass."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import PROGRAMS, Bench
from ansible_collections.tta.ops.plugins.plugin_utils.gates.criteria import of_stage
from ansible_collections.tta.ops.plugins.plugin_utils.gates.definition import Gate, check
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.process import Finished
from ansible_collections.tta.ops.plugins.plugin_utils.gates.subject import Subject, module_name
from ansible_collections.tta.ops.plugins.plugin_utils.gates.verdict import decide
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.command import Command
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[3]
CATALOGUE = yaml.safe_load((ROOT / "roles/quality_gates/defaults/main/staging.yml").read_text())[
    "quality_gates_catalogue"
]
GATES = [gate for gate in check(CATALOGUE, of_stage("staging"), KNOWN) if gate.indicator["type"] == "command"]


class OneAnswer(Bench):
    """A bench on which every command gives the same answer, and which remembers what was asked."""

    def __init__(self, export: Path, answer: Finished, runner: Mapping[str, Any] | None = None) -> None:
        operation = {
            "component": "lamp",
            "entry": {"name": "lamp", "paths": ["lamp.py"], "maturity": "M.md", "readme": "R.md", "services": []},
            "components": {},
            "settings": {"import_roots": ["."], "runner": runner or {}},
            "artifact": {"commit": "c0ffee" * 6},
            "monorepo": "/home/jane/my lamps",
        }
        super().__init__(Subject(operation, export, {}, {}, None, ""), export / "scratch", 10, Event())
        self.answer, self.asked = answer, []  # type: tuple[Finished, list[list[str]]]

    def run(self, arguments: Any, **more: Any) -> Finished:
        if str(PROGRAMS / "matched.py") in arguments:  # what looks at the answer is the toolkit's own
            return super().run(arguments, **more)
        self.asked.append(list(arguments))
        return self.answer

    def version(self, tool: str, runner: str) -> str:
        return "1"


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    (folder / "lamp.py").touch()
    return folder


def finished(stdout: str = "", code: int | None = 0, ended: str = "exit", stderr: str = "") -> Finished:
    return Finished(("tool",), code, stdout, stderr, 0.1, ended)


def measured(export: Path, answer: Finished, **parameters: Any) -> Measurement:
    return Command({"type": "command", "steps": [["tool", "{python_files}"]], **parameters}).measure(
        OneAnswer(export, answer)
    )


ENDS = st.sampled_from(["exit", "exit", "exit", "signal", "missing", "time", "output", "stopped"])
OUTPUTS = (
    st.text()
    | st.recursive(
        st.none() | st.booleans() | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    ).map(json.dumps)
    | st.sampled_from(["{", "[", "{}", "null", "NaN", "[NaN]", "0", '"0"', '{"results": {}}', '{"summary": {}}'])
)


def parses(gate: Gate) -> bool:
    return "parse" in gate.indicator


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=8)
@given(OUTPUTS, st.sampled_from([gate for gate in GATES if parses(gate)]))
def test_no_garbage_of_a_tool_that_prints_text_passes(export: Path, output: str, gate: Gate) -> None:
    measurement = Command(gate.indicator).measure(OneAnswer(export, finished(output)))
    assert decide(gate, measurement).verdict != "pass"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(OUTPUTS, st.integers(-15, 130), ENDS, st.sampled_from([gate for gate in GATES if not parses(gate)]))
def test_no_garbage_of_any_tool_passes(export: Path, output: str, code: int, ended: str, gate: Gate) -> None:
    assume(output.strip() != "[]")  # that is how ruff says that all is well
    measurement = Command(gate.indicator).measure(OneAnswer(export, finished(output, code, ended)))
    assert decide(gate, measurement).verdict != "pass"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (finished(code=None, ended="missing"), "tool is not installed"),
        (finished(code=-9, ended="signal"), "tool was killed by signal 9"),
        (finished(code=2, stderr="\nusage: tool\n"), "tool ended with exit code 2: usage: tool"),
        (finished("no json"), "tool: printed no JSON: no json"),
        (finished('{"a": NaN}'), "tool: printed NaN, which is no JSON"),
    ],
)
def test_what_went_wrong_is_one_sentence(export: Path, answer: Finished, problem: str) -> None:
    measurement = measured(export, answer)
    assert measurement.problem.startswith(problem)
    assert measurement.document is None


def test_the_document_has_what_was_printed_and_what_was_looked_at(export: Path) -> None:
    output = json.dumps({"file": f"{export}/lamp.py"})
    document = measured(export, finished(output)).document
    assert document["out"] == {"file": "lamp.py"}
    assert document["python_files"] == ["lamp.py"]


def test_a_pattern_that_takes_for_ever_is_ended_with_the_gate_s_time(export: Path) -> None:
    bench = OneAnswer(export, finished("a" * 60))
    bench.deadline = time.monotonic() + 0.5
    parameters = {"type": "command", "steps": [["tool"]], "parse": {"pattern": "(?P<x>(a+)+)b"}}
    assert "the search did not end within" in Command(parameters).measure(bench).problem


def test_lines_of_a_very_long_output_are_nobody_s(export: Path) -> None:
    assert measured(export, finished('"a"\n')).document["lines"] == ['"a"']
    assert measured(export, finished(json.dumps("a" * 1_000_000))).document["lines"] is None


def test_a_pattern_reads_numbers_out_of_text(export: Path) -> None:
    parse = {"pattern": r"total (?P<total>\d+)", "each": r"missed (\w+)"}
    assert measured(export, finished("missed a\nmissed b\ntotal 7\n"), parse=parse).document["out"] == {
        "total": 7,
        "each": ["a", "b"],
    }
    assert "nothing that the gate's pattern fits" in measured(export, finished("total x"), parse=parse).problem


def test_exit_codes_say_whether_there_are_findings(export: Path) -> None:
    assert not measured(export, finished("[]"), findings=[1]).claims_findings
    assert measured(export, finished("[1]", 1), findings=[1]).claims_findings
    assert measured(export, finished("[1]", 1)).problem.startswith("tool ended with exit code 1")


def test_a_step_before_the_last_must_end_well(export: Path) -> None:
    bench = OneAnswer(export, finished("[]", 1))
    steps = [["first"], ["second"]]
    measurement = Command({"type": "command", "steps": steps, "findings": [1]}).measure(bench)
    assert measurement.problem.startswith("first ended with exit code 1")
    assert bench.asked == [["first"]]


def test_the_monorepo_s_runner_stands_before_its_tools_but_not_before_ours(export: Path) -> None:
    steps = [["{toolkit_python}", "{programs}/x.py", "{last_promoted}", "{paths}"], ["ruff", "{python_files}"]]
    bench = OneAnswer(export, finished("[]"), {"run": [], "tool": ["uvx", "--offline"]})
    Command({"type": "command", "steps": steps}).measure(bench)
    ours, theirs = bench.asked
    assert (ours[0], ours[2:]) == (sys.executable, ["", "lamp.py"])
    assert theirs == ["uvx", "--offline", "ruff", "lamp.py"]


def test_the_command_by_hand_can_be_typed(export: Path) -> None:
    bench = OneAnswer(export, finished("[]"), {"run": [], "tool": ["their-runner"]})
    measurement = Command({"type": "command", "steps": [["ruff", "check", "{python_files}"]]}).measure(bench)
    assert measurement.by_hand == "cd '/home/jane/my lamps' && their-runner ruff check lamp.py"


def test_names_of_modules() -> None:
    assert module_name("src/components/lamp.py", ["."]) == "src.components.lamp"
    assert module_name("packages/lamp/__init__.py", [".", "packages"]) == "lamp"
    assert module_name("src/lamp/bulb.py", ["src"]) == "lamp.bulb"
