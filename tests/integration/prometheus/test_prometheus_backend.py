"""The backend's files in the real programs, and uptime out of a real Prometheus, against the truth."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import windows
from ansible_collections.tta.ops.plugins.plugin_utils.prometheus_backend import (
    asking,
    configuration,
    files,
    targets,
    uptime,
)
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

CARBON: dict[str, Any] = {
    "health": {"service": "carbon", "port": 8080, "http": "/health", "expect": "status == 'ok'"},
    "monitoring": {"metrics": "/metrics"},
    "sla": {"p95_ms": 150},
}
WEEK = 10_080
BEGIN = windows.moment("2026-11-02T00:00:00Z")
LABELS = 'job="tta-probe",component="carbon",environment="staging",instance="http://10.0.0.5/health"'


def write(folder: Path, hosts: list[str], blackbox: str = "127.0.0.1:1") -> targets.Found:
    published = {"carbon": [{"carbon": {"8080": one}} for one in hosts]}
    found = targets.find("staging", {"carbon": CARBON}, published)
    for name, text in files.of(found, str(folder), "http://127.0.0.1:9090", blackbox).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return found


def promtool(*arguments: str, cwd: Path) -> str:
    program = shutil.which("promtool")
    if not program:
        pytest.fail("promtool is not installed: scripts/prepare")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("hosts", [["10.0.0.5:18081"], ["10.0.0.5:18081", "10.0.0.6:18081"]])
def test_promtool_accepts_the_files_and_their_tests_pass(tmp_path: Path, hosts: list[str]):
    write(tmp_path, hosts)
    promtool("check", "config", "prometheus.yml", cwd=tmp_path)
    said = promtool("check", "rules", "--lint=all", *map(str, (tmp_path / "rules").iterdir()), cwd=tmp_path)
    assert "SUCCESS" in said
    assert "SUCCESS" in promtool("test", "rules", "tests/carbon.test.yml", cwd=tmp_path)


def test_the_tests_of_the_rules_fail_when_gaps_count_as_up(tmp_path: Path):
    write(tmp_path, ["10.0.0.5:18081"])
    rules = tmp_path / "rules" / "tta-uptime.rules.yml"
    rules.write_text(rules.read_text().replace("[59s]", "[30m]"))
    with pytest.raises(AssertionError, match="FAILED"):
        promtool("test", "rules", "tests/carbon.test.yml", cwd=tmp_path)


def backfilled(folder: Path, down: range, gap: range) -> Path:
    """Write a week of samples at injected times into a database of Prometheus."""
    lines = ["# TYPE probe_success gauge"]
    lines += [
        f"probe_success{{{LABELS}}} {int(slot not in down)} {BEGIN + 60 * slot + 7:.0f}"
        for slot in range(WEEK)
        if slot not in gap
    ]
    (folder / "week.om").write_text("\n".join([*lines, "# EOF", ""]), encoding="utf-8")
    promtool("tsdb", "create-blocks-from", "openmetrics", "week.om", "data", cwd=folder)
    return folder / "data"


@pytest.mark.parametrize(
    ("down", "gap", "verdict"),
    [
        (range(3000, 3030), range(0), "pass"),
        (range(3000, 3060), range(0), "fail"),
        (range(0), range(4000, 4000 + 2880), "inconclusive"),
    ],
)
def test_a_week_at_injected_times_is_the_truth_to_the_slot(
    tmp_path: Path, programs, down: range, gap: range, verdict: str
):
    (tmp_path / "none.yml").write_text("scrape_configs: []\n")
    url = programs.prometheus(tmp_path / "none.yml", backfilled(tmp_path, down, gap))
    artifact = {"component": "carbon", "commit": "c0ffee", "tree": "7ree"}
    entry = {
        "seq": 1,
        "at": "2026-11-02T00:00:00Z",
        "event": "deployed",
        "environment": "staging",
        "component": "carbon",
    }
    now = BEGIN + 60 * WEEK

    series = asking.samples(url, "carbon", "staging", BEGIN, now)
    found = uptime.observed("carbon", [{**entry, "release": 1, "artifact": artifact, "data": {}}], series, 1, now)

    assert found
    data = found["data"]
    truth = {"up": WEEK - len(down) - len(gap), "down": len(down), "unknown": len(gap), "slots": WEEK}
    assert {key: data[key] for key in truth} == truth
    assert data["verdict"] == verdict


def test_a_real_service_stopped_paused_wrong_and_unprobed_at_known_moments(tmp_path: Path, programs, service):
    port = programs.free_port()
    found = write(tmp_path, [f"127.0.0.1:{service.port}"], f"127.0.0.1:{port}")
    scrape = configuration.scrape(found.targets, f"127.0.0.1:{port}", f"{tmp_path}/rules/*.yml", every="1s")
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(scrape))
    programs.blackbox(port, tmp_path / "blackbox.yml")
    url = programs.prometheus(tmp_path / "prometheus.yml", tmp_path / "data")
    moments: dict[str, tuple[float, float]] = {}

    def phase(name: str, seconds: float = 5) -> None:
        begin = time.time()
        time.sleep(seconds)
        moments[name] = (begin, time.time())

    _probed(url)
    phase("up")
    service.status = "down"  # 200, and says itself that it is not well
    phase("wrong")
    service.status = "ok"
    phase("well again")
    service.hangs.set()
    phase("paused", 7)
    service.hangs.clear()
    service.stop()
    phase("stopped")
    service.start()
    phase("back")
    programs.end("blackbox_exporter")
    phase("unprobed")

    begin, end = moments["up"][0], time.time()
    spans = uptime.states(asking.samples(url, "carbon", "staging", begin, end), 1, slot_s=1)
    seen = {span.begin: span.state for span in spans}
    truth = {
        "up": "up",
        "wrong": "down",
        "well again": "up",
        "paused": "down",
        "stopped": "down",
        "back": "up",
        "unprobed": None,
    }
    for name, wanted in truth.items():
        first, last = moments[name]
        inside = [seen.get(slot) for slot in range(int(first) + 2, int(last) - 1)]  # a probe may lie across the moment
        assert inside, name
        assert set(inside) <= {wanted, None} if wanted else set(inside) == {None}, (name, inside)
        assert wanted is None or wanted in inside, (name, inside)


def _probed(url: str) -> None:
    end = time.monotonic() + 30
    while not asking.samples(url, "carbon", "staging", time.time() - 60, time.time()):
        assert time.monotonic() < end, "Prometheus never probed"
        time.sleep(0.2)


def test_a_server_that_does_not_answer_is_a_refusal_and_no_gap():
    with pytest.raises(Refusal, match="does not answer"):
        asking.samples("http://127.0.0.1:1", "carbon", "staging", BEGIN, BEGIN + 60)
