"""The action as a playbook runs it: the token reaches GitHub, and nothing else."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from standin import Fault, Standin
from standin.bench import KEY, document

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ0123"


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin(TOKEN) as running:
        yield running


def play(folder: Path, standin: Standin, *arguments: str, token: str = TOKEN, **task: Any) -> tuple[str, set[str]]:
    """Run one task; return its output and all command lines that were seen meanwhile."""
    tracker = {"backend": "github", "repository": "octo/tta", "api": standin.url}
    operation = {
        "run": f"run-{len(standin.calls)}",
        "target": "staging",
        "component": "carbon",
        "settings": {"tracker": tracker},
        "environments": {"staging": {"name": "staging", "hosts": ["staging-1"], "state": str(folder / "state")}},
    }
    mirror = {"name": "Mirror", "tta.ops.mirror": {"operation": operation, **task}, "register": "mirrored"}
    show = {"name": "Show", "ansible.builtin.debug": {"msg": "RESULT {{ mirrored | to_json }}"}}
    plays = [{"hosts": "staging-1", "gather_facts": False, "tasks": [mirror, show]}]
    (folder / "play.yml").write_text(yaml.safe_dump(plays))
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": {"staging-1": local}}}))
    (folder / "tmp").mkdir(exist_ok=True)
    program = Path(sys.executable).with_name("ansible-playbook")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")},
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_STDOUT_CALLBACK": "tta.ops.promotion",
        "TMPDIR": str(folder / "tmp"),
        "GITHUB_TOKEN": token,
    }
    command = [str(program), "-i", str(folder / "hosts.yml"), str(folder / "play.yml"), "-v", *arguments]
    seen: set[str] = set()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder
    ) as running:
        watch = threading.Thread(target=watched, args=(running, seen))
        watch.start()
        output, _ = running.communicate(timeout=180)
        watch.join(timeout=10)
    assert running.returncode == 0, output
    return output, seen


def watched(running: subprocess.Popen[str], seen: set[str]) -> None:
    while running.poll() is None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.add(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue  # it ended meanwhile


def result(output: str) -> dict[str, Any]:
    """What the task returned."""
    found = output.partition("RESULT ")[2]
    return dict(json.JSONDecoder().raw_decode(found.replace('\\"', '"').replace("\\\\", "\\"))[0])


def test_the_token_is_in_no_output_file_or_process_list(tmp_path: Path, standin: Standin) -> None:
    standin.faults = [Fault("POST .*/issues$", 422, message=f"Validation of {TOKEN} failed")]
    output, seen = play(tmp_path, standin, "-vvvv", issues=[document()])
    assert "GitHub refuses POST /repos/octo/tta/issues" in output
    more, others = play(tmp_path, standin, "-vvvv")
    assert result(more)["numbers"] == {KEY: 1}
    spellings = [TOKEN, base64.b64encode(TOKEN.encode()).decode(), TOKEN[8:]]
    written = [each.read_bytes().decode(errors="replace") for each in tmp_path.rglob("*") if each.is_file()]
    assert len(written) > 3
    assert any("tta-ops" in line for line in seen | others)
    for text in [output, more, *seen, *others, *written]:
        assert not [spelling for spelling in spellings if spelling in text]


def test_a_plan_sends_nothing(tmp_path: Path, standin: Standin) -> None:
    output, _ = play(tmp_path, standin, "--check", issues=[document()])
    assert (result(output)["changed"], standin.calls) == (True, [])


def test_a_missing_token_is_a_warning(tmp_path: Path, standin: Standin) -> None:
    output, _ = play(tmp_path, standin, token="", issues=[document()])
    found = result(output)
    assert (found["queued"], found["changed"]) == (1, False)
    assert "GITHUB_TOKEN is not set; wanted: a token for octo/tta" in found["msg"]
    assert "1 wait beside the ledger and are sent by the next run" in found["msg"]


def test_issues_are_read(tmp_path: Path, standin: Standin) -> None:
    standin.store.open({"title": "slow", "labels": ["component:carbon", "user-report"]}, by="jane", association="NONE")
    output, _ = play(tmp_path, standin, do="read", component="carbon", labels=["user-report"])
    (one,) = result(output)["found"]
    assert (one["key"], one["number"], one["title"], one["by"]) == (None, 1, "slow", "jane")
    gone, _ = play(tmp_path, standin, do="read", component="carbon", token="ghp_expired")
    assert (result(gone)["known"], result(gone)["found"]) == (False, [])
