"""Real locust: a stall of 5 s shows in our p99, not in its own; no answers, no pass; 10^6 samples take no memory."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.load import command, comparing, running, verdict
from ansible_collections.tta.ops.plugins.plugin_utils.load.measuring import Measuring

HERE = Path(__file__).parent
USAGE = {"cpu": 1.0, "memory_mb": 1.0}


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def loaded(port: int, seconds: int, folder: Path, beside: Callable[[], Any] = lambda: USAGE) -> dict[str, Any]:
    load = command.Load(1, 1, seconds)
    result = folder / "result.json"
    variables = command.environment(os.environ, {}, [], load, result)
    typed = command.arguments([str(HERE / "users.py")], f"http://127.0.0.1:{port}", load)
    ran = running.run(typed, variables, HERE, seconds, result, beside)
    return verdict.data(ran.result, load, ran.beside, ran.said)


def test_one_stall_of_five_seconds_shows_in_our_p99_and_not_in_locusts_own(port: int, tmp_path: Path, capsys):
    server = subprocess.Popen([sys.executable, HERE / "stalling.py", str(port), "12", "5"], stderr=subprocess.DEVNULL)
    try:
        data = loaded(port, 36, tmp_path)
    finally:
        server.terminate()
        server.wait(5)
    with capsys.disabled():
        print(f"\np99 {data['p99_ms']:g} ms; locust's own {data['locust_p99_ms']:g} ms; {data['requests']} requests")
    assert data["requests"] > 300  # 1,500 on a machine that does nothing else
    assert data["p99_ms"] > 3500
    assert data["locust_p99_ms"] < 500


def test_nobody_answers_and_nothing_passes(port: int, tmp_path: Path):
    data = loaded(port, 8, tmp_path)
    assert data["failed"] == data["requests"] > 0
    assert comparing.judged(data, {"p95_ms": 1e9}, None)["verdict"] != "pass"


def test_a_locustfile_that_is_none_leaves_no_samples_and_says_why(tmp_path: Path):
    (tmp_path / "broken.py").write_text("import nowhere_to_be_found\n", encoding="utf-8")
    load, result = command.Load(1, 1, 8), tmp_path / "result.json"
    typed = command.arguments([str(tmp_path / "broken.py")], "http://127.0.0.1:1", load)
    ran = running.run(typed, command.environment(os.environ, {}, [], load, result), tmp_path, 8, result, lambda: USAGE)
    data = verdict.data(ran.result, load, ran.beside, ran.said)
    assert data["requests"] == 0
    assert "nowhere_to_be_found" in data["problems"][0]


def test_a_run_that_breaks_leaves_no_locust_behind(port: int, tmp_path: Path):
    children: list[int] = []

    def broken() -> None:
        own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii").split()
        children.extend(map(int, own))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loaded(port, 30, tmp_path, broken)
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def test_a_million_samples_in_constant_memory(capsys):
    measuring = Measuring(1.0)

    def ask(numbers: range) -> int:
        for number in numbers:
            measuring.waits(number % 100, "Reader", number / 1000)
            measuring.answered(number % 100, "Reader", "/", number / 1000, number % 199)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before, after = ask(range(50_000)), ask(range(50_000, 1_000_000))
    with capsys.disabled():
        print(f"\nmemory {before / 1024:.1f} MB after 50,000 samples, {after / 1024:.1f} MB after 1,000,000")
    assert measuring.result()["requests"] == 999_000
    assert after - before < 2 * 1024
