"""State files cut off at any byte: the good release serves on, the file is named, and with it back all goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import status
from ansible_collections.tta.ops.plugins.module_utils.host.engine import Engine
from ansible_collections.tta.ops.plugins.module_utils.host.processes import Completed
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from faulty.standing import Standing
from tiny.host import DEPLOY

pytestmark = pytest.mark.engine
KILLED = Path(__file__).with_name("killed.py")


def state_files(standing: Standing) -> list[Path]:
    """Return what the host program wrote and reads again: not the copies of the user's own files, not the evidence."""
    web = standing.state / "staging/components/web"
    old = [web / "releases" / one for one in sorted(path.name for path in (web / "releases").iterdir())]
    left_out = [*old[:-1], web / "lock", *(one / kind for one in old for kind in ("source", "evidence"))]
    files = [path for path in sorted(standing.state.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [path for path in files if not any(path == one or one in path.parents for one in left_out)]


def no_engine(command: Any, deadline: float, **_: Any) -> Completed:
    return Completed(1, "", "Cannot connect to the Docker daemon")


@pytest.mark.fault("state file truncated at any byte")
def test_status_can_be_asked_whatever_is_cut_off(standing: Standing) -> None:
    for path in state_files(standing):
        whole = path.read_bytes()
        try:
            for length in range(0, len(whole), 1 if len(whole) < 1000 else 13):
                path.write_bytes(whole[:length])
                found = status.status(State(standing.state), Engine(no_engine), None, None)
                assert status.readable(found)
        finally:
            path.write_bytes(whole)


@pytest.mark.fault("state file truncated at any byte")
def test_journal_of_an_act_that_had_ended_cut_off(standing: Standing) -> None:
    standing.converges()
    journal = standing.state / "staging/components/web/journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    events = standing.events()
    for kept in (1, 3):
        journal.write_bytes(b"".join(lines[:kept]))
        found = standing("abort", "web")
        assert (found["code"], standing.events()) == (0, events), found["message"]
        assert standing.release() == f"fine-{standing.monorepo.runs - 1}"
    standing.converges()


@pytest.mark.fault("state file truncated at any byte")
def test_deploy_names_the_file_or_does_without(standing: Standing) -> None:
    bundle = standing.monorepo.bundle()
    for path in state_files(standing):
        for length in (0, 0.5):
            if not path.exists():
                break  # of a release that was pruned meanwhile
            whole = path.read_bytes()
            path.write_bytes(whole[: int(len(whole) * length)])
            found = standing(DEPLOY, stdin=bundle)
            assert found["code"] == 0 or path.name in found["message"], (path, length, found["message"])
            assert "\n" not in found["message"]
            assert standing.release().startswith("fine"), (path, length, found["message"])
            if found["outcome"] != "deployed":
                path.write_bytes(whole)
    standing.converges()


@pytest.mark.fault("state file truncated at any byte")
@pytest.mark.parametrize("kept", [0, 1, 2, -1], ids=["nothing", "one line", "two lines", "all but a byte"])
def test_journal_of_a_killed_act_cut_off(standing: Standing, kept: int) -> None:
    standing.monorepo.commit(f"fine cut {kept}")
    step = "settle" if standing.way == "stop-first" else "commit"
    program, *words = standing.command(DEPLOY)[1:]
    command = [sys.executable, str(KILLED), step, program, *words]
    done = subprocess.run(command, input=standing.monorepo.bundle(), capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()
    journal = standing.state / "staging/components/web/journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines)[:-1] if kept < 0 else b"".join(lines[:kept]))
    found = standing("abort", "web")
    assert found["code"] == 0 and standing.release().startswith("fine"), (found["message"], standing.head())
    standing.converges()
