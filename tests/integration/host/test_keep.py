"""The copy of evidence by the real program: kept once, given back, and never half there."""

from __future__ import annotations

import base64
import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import keep, manifest
from ansible_collections.tta.ops.plugins.plugin_utils import host_program

RUN = "20261120T084501Z-abc123"


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    program = tmp_path / "tta-ops"
    program.write_bytes(host_program.build().data)
    state = ["--state", str(tmp_path / "state"), "--environment", "staging"]
    return [sys.executable, str(program), "--json", *state]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The operator's copy, too large for one read from a pipe."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "run.json").write_text(f'{{"run": "{RUN}"}}\n')
    for number in range(40):
        (folder / f"stdout{number}").write_bytes(bytes(range(256)) * 400)
    (folder / manifest.NAME).write_bytes(manifest.encode(manifest.of(folder)))
    return folder


def root(folder: Path) -> str:
    return manifest.root_of(manifest.of(folder)["files"])


def call(command: list[str], *arguments: str, stdin: bytes = b"") -> dict[str, Any]:
    done = subprocess.run([*command, *arguments], input=stdin, capture_output=True, check=False, timeout=60)
    assert b"Traceback" not in done.stderr, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])["result"]
    return {**result, "code": done.returncode}


def test_it_is_kept_told_and_given_back(command: list[str], own: Path, tmp_path: Path) -> None:
    given = ["keep", "--run", RUN, "--root", root(own)]
    first, second = (call(command, *given, stdin=keep.pack(own)) for _ in range(2))
    assert [(one["code"], one["changed"]) for one in (first, second)] == [(0, True), (0, False)]
    told = call(command, "kept")
    assert told["runs"] == {RUN: {"root_sha256": root(own), "bytes": keep.size_of(own), "findings": []}}
    back = base64.b64decode(call(command, "kept", "--run", RUN)["tar"])
    keep.unpack(io.BytesIO(back), tmp_path / "back")
    assert root(tmp_path / "back") == root(own)


def test_what_is_refused_says_so_and_changes_nothing(command: list[str], own: Path, tmp_path: Path) -> None:
    refused = call(command, "keep", "--run", RUN, "--root", "0" * 64, stdin=keep.pack(own))
    assert (refused["code"], refused["failed"]) == (2, True)
    assert "has the root hash" in refused["message"]
    assert call(command, "keep", "--run", "..", "--root", root(own), stdin=keep.pack(own))["code"] == 2
    assert call(command, "keep", "--run", RUN, stdin=keep.pack(own))["code"] == 2
    assert call(command, "kept", "--run", RUN)["code"] == 1
    assert call(command, "kept")["runs"] == {}


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_killed_copy_leaves_nothing_that_looks_complete(
    command: list[str], own: Path, tmp_path: Path, share: float
) -> None:
    data = keep.pack(own)
    given = ["keep", "--run", RUN, "--root", root(own)]
    process = subprocess.Popen([*command, *given], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin
    process.stdin.write(data[: int(len(data) * share)])
    process.stdin.flush()
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdin.close()
    assert call(command, "kept")["runs"] == {}
    assert call(command, *given, stdin=data)["changed"] is True
    assert [path.name for path in (tmp_path / "state" / "staging" / "evidence").iterdir()] == [RUN]
