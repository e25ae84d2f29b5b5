"""The way of images through the control node: in pieces, in order, and cleared away whatever happens."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import carry, heartbeat, run_process
from ansible_collections.tta.ops.plugins.plugin_utils.host_call import Answer, CallError
from ansible_collections.tta.ops.plugins.plugin_utils.other_host import Reached

ARTIFACT = {"component": "web", "tree": "cafe"}


class Host:
    """A host whose host program is this test, and whose shell is this machine's."""

    def __init__(self, name: str, answers: dict[str, Any]) -> None:
        self.answers, self.steps, self.requests = answers, [], []
        self.breaks = False
        self.end = carry.End(Reached(name, self.call, self.execute, sys.executable), "/state")  # type: ignore[arg-type]

    def call(self, arguments: list[str], stdin: bytes) -> dict[str, Any]:
        request = json.loads(stdin)
        self.steps.append(request["step"])
        self.requests.append(request)
        return dict(self.answers.get(request["step"], {}))

    def execute(self, command: str, stdin: bytes) -> Answer:
        if self.breaks:
            return Answer(255, "", "broken pipe")
        done = subprocess.run(["sh", "-c", command], input=stdin, capture_output=True, check=False)
        return Answer(done.returncode, "Welcome to a talkative host\n" + done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Host, Host, Path]:
    """Return source, target, and the file on the target; pieces are small."""
    monkeypatch.setattr(carry, "PIECE", 1000)
    (tmp_path / "tar").write_bytes(bytes(range(256)) * 30 + b"end")
    images = {"web": {"id": "1", "bytes": 9_000_000}}
    tar = {"name": "x.tar", "path": str(tmp_path / "tar"), "bytes": 7683, "sha256": "s"}
    source = Host("one", {"offer": {"artifact": {}, "store": "classic", "images": images}, "pack": tar})
    there = tmp_path / "there"
    target = Host(
        "two",
        {"want": {"missing": ["web"], "chains": []}, "room": {"path": str(there)}, "take": {"artifact": {"a": 1}}},
    )
    return source, target, there


def test_every_piece_arrives_in_its_place(way: tuple[Host, Host, Path], tmp_path: Path) -> None:
    source, target, there = way
    said: list[str] = []
    found = carry.carry(ARTIFACT, source.end, target.end, said.append)
    assert there.read_bytes() == (tmp_path / "tar").read_bytes()
    assert there.stat().st_mode & 0o777 == 0o600
    assert (found["changed"], found["carried"], found["artifact"]) == (True, 7683, {"a": 1})
    assert (source.steps, target.steps) == (["offer", "pack", "drop"], ["want", "room", "take"])
    assert said[-1].startswith("one → two: web, 0.0 MB")


def test_nothing_moves_when_nothing_is_missing(way: tuple[Host, Host, Path]) -> None:
    source, target, there = way
    target.answers["want"] = {"missing": [], "artifact": {"a": 2}}
    found = carry.carry(ARTIFACT, source.end, target.end, lambda _: None)
    assert (found["changed"], found["carried"], found["artifact"]) == (False, 0, {"a": 2})
    assert (source.steps, target.steps, there.exists()) == (["offer"], ["want"], False)


@pytest.mark.parametrize("broken", [0, 1])
def test_a_way_that_breaks_off_takes_nothing_and_clears_away(way: tuple[Host, Host, Path], broken: int) -> None:
    source, target, _ = way
    (source, target)[broken].breaks = True
    with pytest.raises(CallError, match="broke off while images were carried"):
        carry.carry(ARTIFACT, source.end, target.end, lambda _: None)
    assert source.steps[-1] == "drop"
    assert "take" not in target.steps


def test_a_host_that_says_no_is_named(way: tuple[Host, Host, Path]) -> None:
    source, target, _ = way
    target.answers["take"] = {"failed": True, "message": "what arrived is altered"}
    with pytest.raises(CallError, match=r"^two: what arrived is altered"):
        carry.carry(ARTIFACT, source.end, target.end, lambda _: None)
    assert source.steps[-1] == "drop"


def test_with_a_registry_nothing_is_streamed(way: tuple[Host, Host, Path]) -> None:
    source, target, there = way
    target.answers["fetch"] = {"artifact": {"a": 3}}
    found = carry.carry(ARTIFACT, source.end, target.end, lambda _: None, "registry.example.org")
    assert source.requests[0]["registry"] == "registry.example.org"
    assert (target.steps, there.exists(), found["artifact"]) == (["want", "fetch"], False, {"a": 3})


def test_the_lease_is_kept_alive_for_as_long_as_it_takes() -> None:
    beats: list[dict[str, Any]] = []
    twice = threading.Event()

    def call(_: list[str], stdin: bytes) -> dict[str, Any]:
        beats.append(json.loads(stdin))
        if len(beats) == 2:
            twice.set()
            raise CallError("the host is gone for a moment")
        return {}

    with heartbeat.beating(call, "/state", {"run": "r"}, 3, every=0.02):  # type: ignore[arg-type]
        assert twice.wait(5)
    count = len(beats)
    assert {(one["step"], one["fence"], one["run"]) for one in beats} == {("beat", 3, "r")}
    time.sleep(0.1)
    assert len(beats) == count


def test_a_run_of_this_machine_that_is_gone_is_not_waited_for() -> None:
    asked: list[dict[str, Any]] = []

    def call(_: list[str], stdin: bytes) -> dict[str, Any]:
        asked.append(json.loads(stdin))
        return {"fence": 4} if asked[-1].get("over") else {"failed": True, "outcome": "locked", "holder": holder}

    me = run_process.own()
    holder = {"run": "dead", "process": f"{me.rpartition('/')[0]}/1"}
    assert heartbeat.take(call, "/state", {"run": "r"}, lambda _: None) == 4  # type: ignore[arg-type]
    assert [one.get("over") for one in asked] == [None, "dead"]
    assert not run_process.is_gone(me)
    assert not run_process.is_gone("other-boot/pid:[1]/1/1")
    assert not run_process.is_gone(None)
