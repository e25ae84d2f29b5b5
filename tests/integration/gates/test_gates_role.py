"""The role quality_gates through Ansible: one failure that says everything, evidence, check mode, an end in between."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from lamp import FILES, ROOT, Lamps

pytestmark = pytest.mark.engine

LAMP = "src/components/lamp.py"
PLAYBOOK = """
- name: Judge
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Judge the component
      ansible.builtin.include_role: {name: tta.ops.quality_gates}
    - name: Show the judgement
      ansible.builtin.copy: {content: "{{ judgement | to_json }}", dest: "{{ judged_to }}", mode: "0600"}
"""


class Run:
    """`ansible-playbook` on the role, with its variables in a file."""

    def __init__(self, lamps: Lamps, folder: Path) -> None:
        self.lamps, self.evidence, self.judged = lamps, folder / "evidence", folder / "judgement.json"
        self.playbook = folder / "judge.yml"
        self.playbook.write_text(PLAYBOOK)
        self.variables: dict[str, Any] = {
            "quality_gates_operation": {**lamps.operation(), "run": f"20261120T084501Z-{os.urandom(4).hex()}"},
            "quality_gates_stages": {},
            "quality_gates_environment": {key: lamps.environment[key] for key in ("compose_file", "env_example")},
            "quality_gates_evidence": str(self.evidence),
            "judged_to": str(self.judged),
        }

    @property
    def folder(self) -> Path:
        return self.evidence / str(self.variables["quality_gates_operation"]["run"])

    def start(self, *flags: str) -> subprocess.Popen[str]:
        given = self.playbook.with_name("variables.json")
        given.write_text(json.dumps(self.variables))
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
        }
        local = ["-i", "localhost,", "-c", "local", "-e", f"ansible_python_interpreter={sys.executable}"]
        command = ["ansible-playbook", *local, str(self.playbook), "-e", f"@{given}", *flags]
        return subprocess.Popen(
            command,
            env=environment,
            cwd=self.playbook.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def done(self, *flags: str) -> tuple[int, str]:
        process = self.start(*flags)
        output, _ = process.communicate(timeout=300)
        return process.returncode, output


@pytest.fixture
def run(lamps: Lamps, tmp_path: Path) -> Run:
    return Run(lamps, tmp_path)


def test_a_good_component_is_judged_with_evidence_that_hashes_to_its_root(run: Run) -> None:
    code, output = run.done()
    assert code == 0, output
    judged = json.loads(run.judged.read_text())
    assert (judged["met"], judged["promotable"], judged["coverage"]) == ("7/7", True, {"unit": 100})
    manifest = json.loads((run.folder / "manifest.json").read_text())
    assert judged["evidence"] == {"path": str(run.folder), "root_sha256": manifest["root_sha256"]}
    files = {
        path.relative_to(run.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in run.folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert files == manifest["files"]
    lines = "".join(f"{digest}  {path}\n" for path, digest in sorted(files.items()))
    assert hashlib.sha256(lines.encode()).hexdigest() == manifest["root_sha256"]
    assert {"verdicts.json", "artifact.json", "gates.json", "gates/unit-tests/junit.xml"} <= files.keys()
    assert "gates/unit-coverage/coverage.json" in files
    assert json.loads((run.folder / "verdicts.json").read_text()) == judged["verdicts"]
    assert {(run.folder / path).stat().st_mode & 0o077 for path in files} == {0}


def test_every_gate_speaks_and_the_run_fails_once(run: Run) -> None:
    bad = FILES[LAMP].replace("\n\nfrom src", "\n\nimport os\n\nfrom src") + "\n\ndef dim():\n    pass\n"
    run.lamps.write(**{LAMP: bad})
    run.variables["quality_gates_operation"] = run.lamps.operation()
    code, output = run.done()
    assert code != 0
    assert not run.judged.exists()
    assert "NOT PROMOTED lamp → staging 5/7" in output
    for gate in ("api-documented", "lint"):
        assert f"  {gate}: found " in output.replace("\\n", "\n")
    assert "by_hand: cd " in output
    assert "again: ansible-playbook promote-staging.yml -e component=lamp" in output
    assert "Traceback" not in output
    assert (run.folder / "manifest.json").exists()


def test_check_mode_judges_and_writes_nothing(run: Run) -> None:
    code, output = run.done("--check")
    assert code == 0, output
    assert not run.evidence.exists()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"quality_gates_extra": [{"name": "unit-coverage", "objective": ">= 50"}]},
            "loosens the objective from '>= 70' to '>= 50'; wanted: '>= 70' or stricter",
        ),
        ({"quality_gates_extra": [{"name": "mine"}]}, "gate mine has no criterion; wanted: all of name, "),
        ({"quality_gates_catalogue": []}, "the catalogue of gates has no gates"),
    ],
)
def test_a_definition_that_cannot_be_right_is_refused_before_anything_runs(
    run: Run, variables: dict[str, Any], sentence: str
) -> None:
    run.variables |= variables
    code, output = run.done()
    assert code != 0
    assert sentence in output
    assert "Traceback" not in output
    assert not run.evidence.exists()


def test_a_tightened_gate_refuses(run: Run) -> None:
    run.lamps.write(**{"src/components/lamp/bulb.py": '"""A bulb."""\n\nWATTS = 60\n'})
    run.variables["quality_gates_operation"] = run.lamps.operation()
    run.variables["quality_gates_extra"] = [{"name": "unit-coverage", "objective": ">= 95"}]
    code, output = run.done()
    assert code != 0
    assert "unit-coverage: found 85.71 % (7 statements); wanted at least 95 %" in output.replace("\\n", "\n")


def test_evidence_that_cannot_be_written_promotes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    run.variables["quality_gates_evidence"] = str(tmp_path / "file")
    code, output = run.done()
    assert code != 0
    assert "the evidence cannot be written to " in output
    assert "Traceback" not in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_takes_its_project_away(run: Run, number: signal.Signals) -> None:
    slow = "import time\n\n\ndef test_lamp():\n    time.sleep(300)\n"
    run.lamps.write(**{"tests/integration/test_lamp_integration.py": slow})
    suffix = os.urandom(4).hex()
    run.variables["quality_gates_operation"] = {**run.lamps.operation(), "run": f"20261120T084501Z-{suffix}"}
    process = run.start()
    try:
        _until(lambda: _containers(suffix) and "healthy" in _containers(suffix))
        os.killpg(process.pid, number)
        process.communicate(timeout=60)
        _until(lambda: not _containers(suffix))
    finally:
        process.kill()


def _containers(suffix: str) -> str:
    project = f"label=com.docker.compose.project=tta-gate-lamp-{suffix}"
    command = ["docker", "ps", "--all", "--filter", project, "--format", "{{.Status}}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _until(question: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.3)
