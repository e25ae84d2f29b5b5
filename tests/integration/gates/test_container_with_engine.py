"""Indicator `container` on a real engine: limits, health, restarts, and no password in what is kept."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.compose import LABEL_COMPONENT, LABEL_ENVIRONMENT
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import Bench
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.subject import Subject
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.container import Container

pytestmark = pytest.mark.engine
IMAGE = "tta-base:bookworm"


def docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def measured(folder: Path, environment: str) -> Measurement:
    operation = {"component": "lamp", "entry": {}, "settings": {}, "artifact": {}, "monorepo": str(folder)}
    subject = Subject(operation, folder, {}, {"name": environment, "local": True}, None, "")
    return Container({}).measure(Bench(subject, folder / "scratch", 60, threading.Event()))


@pytest.fixture
def environment() -> Iterator[str]:
    """An environment of this test's own, with one container that runs and one that was killed."""
    name = f"staging-{os.urandom(4).hex()}"
    labels = ["--label", f"{LABEL_COMPONENT}=lamp", "--label", f"{LABEL_ENVIRONMENT}={name}"]
    healthy = ["--health-cmd", "true", "--health-interval", "200ms", "--memory", "64m", "--cpus", "0.5"]
    service = ["--label", "com.docker.compose.service"]
    made = []
    try:
        run = ["run", "--detach", "--init", *labels, "--env", "LAMP_PASSWORD=hunter2-and-more"]
        made += [docker(*run, f"{service[0]}", f"{service[1]}=lamp", *healthy, IMAGE, "sleep", "300")]
        made += [docker(*run, f"{service[0]}", f"{service[1]}=worker", IMAGE, "sh", "-c", "exit 3")]
        docker("wait", made[1])
        yield name
    finally:
        for one in made:
            docker("rm", "--force", one)


def test_what_runs_and_what_does_not(tmp_path: Path, environment: str) -> None:
    found = measured(tmp_path, environment)
    assert found.problem == ""
    document = found.document
    by_service = {one["service"]: one for one in document["containers"]}
    assert (document["examined"], document["running"]) == (2, 1)
    assert by_service["lamp"]["limits"]["memory_bytes"] == 64 * 1024 * 1024
    assert by_service["lamp"]["limits"]["cpus"] == 0.5
    assert by_service["lamp"]["health"] in ("healthy", "starting")
    assert by_service["lamp"]["image"] == docker("inspect", "--format", "{{.Id}}", IMAGE)
    assert "worker is exited (exit code 3)" in document["findings"]
    assert "hunter2" not in str(found)


def test_nothing_deployed_is_a_problem(tmp_path: Path) -> None:
    assert measured(tmp_path, "nowhere").problem == "lamp has no container in nowhere: it is not deployed there"


def test_no_engine_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    assert measured(tmp_path, "staging").problem.startswith("Docker does not answer: ")
