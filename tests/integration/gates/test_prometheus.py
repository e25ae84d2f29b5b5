"""Indicator `prometheus` against the real server, which scrapes a small exporter."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import Bench
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.subject import Subject
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.prometheus import Prometheus
from prometheus_client import CollectorRegistry, Gauge, start_http_server

CONFIGURATION = """
global: {{scrape_interval: 200ms}}
scrape_configs:
  - job_name: lamp
    static_configs: [{{targets: ["127.0.0.1:{exporter}"]}}]
  - job_name: gone
    static_configs: [{{targets: ["127.0.0.1:{nobody}"]}}]
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def until(url: str, pattern: str) -> None:
    """Wait until an address answers with a match of a pattern."""
    for _ in range(150):  # thirty seconds
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own server
                if re.search(pattern, answer.read().decode()):
                    return
        except OSError:
            pass
        threading.Event().wait(0.2)
    raise AssertionError(f"{url} never answered with {pattern}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("prometheus")
    if not program:
        pytest.fail("prometheus is not installed: scripts/prepare")
    folder = tmp_path_factory.mktemp("prometheus")
    registry = CollectorRegistry()
    watts = Gauge("lamp_watts", "Power", ["room"], registry=registry)
    watts.labels("hall").set(40)
    watts.labels("yard").set(60)
    exporter, exporting = start_http_server(0, addr="127.0.0.1", registry=registry)
    port = free_port()
    configuration = folder / "prometheus.yml"
    configuration.write_text(CONFIGURATION.format(exporter=exporter.server_port, nobody=free_port()))
    address = f"127.0.0.1:{port}"
    process = subprocess.Popen(
        [program, f"--config.file={configuration}", f"--storage.tsdb.path={folder}", f"--web.listen-address={address}"],
        stdout=(folder / "log").open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        until(f"http://{address}/api/v1/query?query=count_over_time(lamp_watts%5B1m%5D)>=5", r'"value":\[')
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=20)
        exporter.shutdown()
        exporting.join(timeout=5)


@pytest.fixture
def ask(server: str, tmp_path: Path) -> Any:
    operation = {
        "component": "lamp",
        "entry": {"name": "lamp"},
        "settings": {"import_roots": ["."]},
        "artifact": {"commit": "c0ffee"},
        "monorepo": str(tmp_path),
    }
    bench = Bench(Subject(operation, tmp_path, {}, {}, None, ""), tmp_path / "scratch", 120, threading.Event())

    def asked(query: str, **more: Any) -> Measurement:
        parameters = {"url": server, "query": query, "timeout": 60, **more}
        Prometheus.check(parameters, "gate x, key indicator")
        return Prometheus(parameters).measure(bench)

    return asked


def test_one_number(ask: Any) -> None:
    document = ask('sum(lamp_watts{job="{component}"})').document
    assert (document["value"], document["samples"], document["kind"]) == (100, 1, "vector")


def test_several_series(ask: Any) -> None:
    document = ask("lamp_watts").document
    assert (document["value"], document["samples"], document["min"], document["max"]) == (None, 2, 40, 60)
    assert {series["labels"]["room"] for series in document["series"]} == {"hall", "yard"}


def test_a_scalar(ask: Any) -> None:
    assert ask("scalar(sum(lamp_watts)) / 2").document["value"] == 50


def test_a_range_counts_the_samples_that_there_are(ask: Any) -> None:
    document = ask("sum(lamp_watts)", range="10m", step="1s").document
    assert document["expected"] == 601
    assert 1 <= document["samples"] < 601, "the server has only just begun"
    assert (document["min"], document["max"]) == (100, 100)


@pytest.mark.parametrize(
    ("query", "more", "problem"),
    [
        ("nobody_measures_this", {}, "no series fits: nothing was measured"),
        ("sum(lamp_watts) / 0 - sum(lamp_watts) / 0", {}, "is NaN: nothing was measured"),
        ("sum(lamp_watts) / 0", {}, "is +Inf: nothing was measured"),
        ("sum(lamp_watts)", {"range": "1h", "step": "1s", "samples": 3600}, "too few samples of "),
        ("sum(", {}, "bad_data: "),
        ('"text"', {}, "the answer is a string, not numbers"),
        ("lamp_watts[1m]", {"samples": 5000}, "too few samples of lamp_watts"),
    ],
)
def test_what_is_no_number_is_a_problem(ask: Any, query: str, more: dict[str, Any], problem: str) -> None:
    measured = ask(query, **more)
    assert measured.document is None
    assert problem in measured.problem


def test_a_target_that_is_down_is_a_number_of_its_own(ask: Any) -> None:
    assert ask('up{job="gone"}').document["value"] == 0


def test_no_server_is_a_problem(ask: Any) -> None:
    measured = ask("up", url=f"http://127.0.0.1:{free_port()}")
    assert "did not answer: Connection refused" in measured.problem
