"""The indicator `integration` with an engine that is played by the test: what is asked for, in which order."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.gates.process import Finished
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.integration import Integration
from workplace import Workplace, printed

ALL = {"type": "integration", "coverage": True, "e2e": True, "probes": True}
LAMP = "src/lamp.py"
CODE = "def lit():\n    return True\n\n\ndef dim():\n    return False\n\n\ndef end():\n    return None\n"
SERVICES = {"lamp": {"image": "lamp:1", "ports": [{"target": 8080}], "networks": {}}}
HEALTHY = json.dumps({"Service": "lamp", "State": "running", "Health": "healthy"})
ANSWER = {"error": "", "cut": False, "status": 200, "headers": {"content-type": "text/plain"}, "ms": 1.5}


def declared(path: str) -> dict[str, Any]:
    return {"paths": [path], "select": None, "environment": {"LAMP_URL": "{url:lamp:8080}"}}


class Engine:
    """Answers for Docker, pytest and the service; `lines` are noted when a command with that word is run."""

    def __init__(self, folder: Path, lines: dict[str, list[int]], **entry: Any) -> None:
        self.lines, self.project, self.failing = lines, {}, ""  # type: dict[str, list[int]], dict[str, Any], str
        entry = {
            "services": ["lamp"],
            "tests": {"integration": declared("tests/integration"), "e2e": declared("tests/e2e")},
            "health": {"service": "lamp", "port": 8080, "http": "/health"},
            "monitoring": {"metrics": "/metrics", "alerts": []},
            **entry,
        }
        folder.mkdir(exist_ok=True)
        self.bench = Workplace(folder, self.answer, entry=entry)
        self.bench.write(**{LAMP: CODE, "compose.yml": "services: {lamp: {image: 'lamp:1'}}\n", "example": "PORT=1\n"})
        operation: Any = self.bench.subject.operation
        operation |= {"components": {"lamp": operation["entry"]}, "run": "20261120T084501Z-a1"}
        operation["settings"]["development"] = {"compose_file": "compose.yml", "env_example": "example"}
        self.bench.run_to_the_end = lambda arguments, seconds: printed("")  # type: ignore[method-assign]

    def answer(self, arguments: list[str]) -> Finished:
        line = " ".join(arguments)
        for word, numbers in self.lines.items():
            if word in arguments:
                self._note("".join(f"line\t{number}\t{LAMP}\n" for number in numbers))
        answers: dict[str, Callable[[], str]] = {
            "config --format json": lambda: json.dumps({"services": SERVICES}),
            "compose.json": lambda: self._composed(arguments),
            "image inspect": lambda: "PATH=/bin\nPYTHONPATH=/opt/own\n",
            "http_get.py": lambda: json.dumps({**ANSWER, "body": "lamp_watts 60\n"}),
            "-m pytest": lambda: self._tested(arguments),
            "coverage_of.py": lambda: (
                subprocess.run(
                    arguments, cwd=self.bench.subject.export, capture_output=True, text=True, check=True, timeout=30
                ).stdout
            ),
        }
        return printed(next((answer() for part, answer in answers.items() if part in line), ""))

    def _composed(self, arguments: list[str]) -> str:
        if "up" in arguments:
            self.project = json.loads(Path(arguments[arguments.index("-f") + 1]).read_text())
            self._note("start\t1\t3.11.2\ttrace\n")
        return HEALTHY if "ps" in arguments else "127.0.0.1:49153" if "port" in arguments else ""

    def _tested(self, arguments: list[str]) -> str:
        [report] = (part.partition("=")[2] for part in arguments if part.startswith("--junitxml="))
        bad = "<failure message='dark'/>" if arguments[-1] == self.failing else ""
        Path(report).write_text(f"<testsuite><testcase name='lamp'>{bad}</testcase></testsuite>")
        return ""

    def _note(self, text: str) -> None:
        notes = self.bench.scratch / "noting/notes/lamp"
        if notes.exists():
            notes.write_text(notes.read_text() + text)


def test_e2e_tests_and_probes_cover_nothing_but_the_end_does(tmp_path: Path) -> None:
    engine = Engine(tmp_path, {"tests/integration": [1, 2, 5, 9], "tests/e2e": [6], "stop": [10]})
    document = engine.bench.measure(**ALL).document
    [file] = document["coverage"]["files"]
    assert (file["missing"], document["coverage"]["percent"]) == ([6], 83.33)
    assert document["coverage"]["pythons"] == {"lamp": ["3.11.2"]}
    assert (document["e2e"]["ran"], document["health"]["met"], document["metrics"]["samples"]) == (1, 10, 1)
    assert engine.project["services"]["lamp"]["environment"]["PYTHONPATH"] == "/tta-noting:/opt/own"


def test_without_parameters_nothing_is_mounted_stopped_or_asked(tmp_path: Path) -> None:
    engine = Engine(tmp_path, {})
    document = engine.bench.measure(type="integration").document
    assert document.keys() == {"exit", "passed", "failed", "skipped", "ran", "failures", "problems", "services"}
    assert engine.project["services"]["lamp"].keys() == {"image", "ports", "labels"}
    asked = [" ".join(arguments) for arguments in engine.bench.asked]
    assert not [line for line in asked if line.endswith("stop lamp") or "http_get" in line or "coverage" in line]
    assert not (tmp_path / "scratch/noting").exists()


def test_e2e_tests_that_fail_leave_the_integration_tests_alone(tmp_path: Path) -> None:
    engine = Engine(tmp_path, {"tests/integration": [1]})
    engine.failing = "tests/e2e"
    document = engine.bench.measure(type="integration", e2e=True).document
    assert (document["failed"], document["e2e"]["failed"], document["e2e"]["failures"]) == (0, 1, ["lamp: dark"])


def test_a_library_is_measured_in_its_carrier_which_owes_nothing(tmp_path: Path) -> None:
    engine = Engine(tmp_path, {"tests/integration": [1, 2]}, services=[], carried_by="carrier")
    engine.bench.subject.operation["components"]["carrier"] = {"services": ["lamp"]}
    document = engine.bench.measure(**ALL).document
    assert document["coverage"]["covered"] == 2
    silent = Engine(tmp_path / "silent", {}, services=[], carried_by="carrier")
    silent.bench.subject.operation["components"]["carrier"] = {"services": ["lamp"]}
    assert (
        silent.bench.measure(**ALL).document["no_coverage"].startswith("no test imports any of the component's files")
    )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ({}, "lamp ran none of the component's files as they are in the commit"),
        ({"tests/e2e": [1, 2]}, "lamp ran none of the component's files as they are in the commit"),
    ],
)
def test_no_line_of_the_integration_tests_is_no_number(tmp_path: Path, lines: dict[str, Any], sentence: str) -> None:
    document = Engine(tmp_path, lines).bench.measure(**ALL).document
    assert (document["coverage"], document["no_coverage"]) == (None, sentence)


@pytest.mark.parametrize(
    ("entry", "part", "problem"),
    [
        ({"health": None}, "health", "no health is declared (components.lamp.health in the catalogue)"),
        ({"health": None}, "metrics", "/metrics has no port: components.lamp.health in the catalogue names none"),
        (
            {"monitoring": {}},
            "metrics",
            "no metrics are declared (components.lamp.monitoring.metrics in",
        ),
        (
            {"tests": {"integration": declared("t")}},
            "e2e",
            "no e2e tests are declared (components.lamp.tests.e2e in the",
        ),
    ],
)
def test_what_is_not_declared_is_a_problem(tmp_path: Path, entry: dict[str, Any], part: str, problem: str) -> None:
    found = Engine(tmp_path, {}, **entry).bench.measure(**ALL).document[part]
    assert found["problems"][0].startswith(problem)


def test_a_container_s_own_health_check_has_been_waited_for(tmp_path: Path) -> None:
    document = Engine(tmp_path, {}, health={"container": True}).bench.measure(**ALL).document
    assert document["health"]["statement"].startswith("healthy by the container's own health check")


@pytest.mark.parametrize("key", ["coverage", "e2e", "probes"])
def test_parameters_are_true_or_false(key: str) -> None:
    with pytest.raises(DefinitionError, match=f"gate x.{key} is 'yes'; wanted: true or false"):
        Integration.check({key: "yes"}, "gate x")
