"""Time is injected, everything else is real: what the recorder says is what was done to the service, to the slot."""

from __future__ import annotations

import json
import os
import resource
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from tiny.host import docker
from tiny.watched import Watched

pytestmark = pytest.mark.engine
ON_STAGING = ("--environment", "staging")


def test_what_was_stopped_paused_and_cut_off_is_down_for_exactly_that_long(watched: Watched) -> None:
    truth: list[tuple[int, str]] = []

    def seen(minutes: int, state: str) -> None:
        watched.sample(minutes)
        truth.append((minutes, state))

    seen(40, "up")
    docker("stop", "--time", "1", watched.container)
    seen(7, "down")
    docker("start", watched.container)
    watched.healthy()
    seen(30, "up")
    # `docker pause` by hand: a freezer is not to be had everywhere
    for process in watched.processes():
        os.kill(process, signal.SIGSTOP)
    seen(3, "down")
    for process in watched.processes():
        os.kill(process, signal.SIGCONT)
    watched.healthy()
    seen(20, "up")
    networks: dict[str, Any] = json.loads(
        docker("inspect", "--format", "{{json .NetworkSettings.Networks}}", watched.container)
    )
    for network in networks:
        docker("network", "disconnect", network, watched.container)
    seen(2, "down")
    for network in networks:
        docker("network", "connect", network, watched.container)
    docker("restart", "--time", "1", watched.container)  # only then are its ports published again
    watched.healthy()
    seen(20, "up")
    watched.off(2 * 1440)
    truth.append((2 * 1440, "unknown"))
    seen(30, "up")
    found = watched.report()
    assert [(span[1], span[2]) for span in found["spans"]] == truth
    assert (found["down"], found["unknown"]) == (12, 2880)
    assert (found["verdict"], found["cause"].split(":")[0]) == ("inconclusive", "unknown 2 d")
    reasons = {span[3] for span in found["spans"] if span[2] == "down"}
    assert any("no answer in time" in reason or "health check says" in reason for reason in reasons)
    assert any("ended with exit code" in reason for reason in reasons)
    assert found["measured"]["memory_mb"] > 1
    assert found["measured"]["cpu_percent"] is not None


def test_errors_are_counted_once_however_often_somebody_looks(watched: Watched) -> None:
    pid = docker("inspect", "--format", "{{.State.Pid}}", watched.container).strip()
    watched.sample(2)

    def say(text: str) -> None:
        # what is written to the stderr of the container's first process is in its log
        with Path(f"/proc/{pid}/fd/2").open("w") as log:
            log.write(text)

    say('ERROR: no such lamp 17\nINFO: on\nTraceback (most recent call last):\n  File "x.py", line 1, in x\n')
    watched.sample(1)
    say("ValueError: no\nINFO: on again\nERROR: no such lamp 18\n")
    watched.sample(4)
    found = watched.report()
    assert sorted((one["count"], one["exception"]) for one in found["errors"]) == [(1, "ValueError"), (2, "")]
    assert found["findings"]["logs"]["verdict"] == "fail"


def test_an_answer_that_is_not_as_expected_is_down_although_it_is_200(watched: Watched) -> None:
    assert watched.sample() == ["web up"]
    record = watched.state.root / "staging/observation/web.json"
    record.write_text(record.read_text().replace("status == 'ok'", "status == 'fine'"))
    assert "status == 'fine' gives false" in watched.sample()[0]


def test_another_artifact_begins_anew(watched: Watched) -> None:
    watched.sample(5)
    watched.host.monorepo.commit("fine again")
    assert watched.host.deploy()["outcome"] == "deployed"
    watched.sample(5)
    found = watched.report()
    assert (found["release"], found["up"] + found["unknown"]) == (2, found["slots"])
    assert found["artifact"]["tree"] == watched.state.store("staging", "web").release(2).facts["artifact"]["tree"]
    assert {span[3] for span in found["spans"] if span[2] == "unknown"} <= {"another artifact served"}


def test_the_host_observes_by_itself_and_is_small(watched: Watched) -> None:
    host = watched.host
    start = ("observe", "web", "--do", "start", *ON_STAGING)
    assert [host(*start, stdin=b"{}")["changed"], host(*start, stdin=b"{}")["changed"]] == [True, False]
    assert host("jobs")["works"] is True
    kept, until = host.state / "jobs/observe.json", time.monotonic() + 75
    while not (kept.exists() and json.loads(kept.read_text())["ended"]):
        assert time.monotonic() < until, "the loop took no sample"
        time.sleep(0.2)
    told = json.loads(kept.read_text())
    assert (told["code"], told["message"]) == (0, "web up")
    status = Path(f"/proc/{watched.loop()}/status").read_text().splitlines()
    memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    assert memory < 30 * 1024
    assert host("observe", "web", "--do", "stop", *ON_STAGING)["changed"] is True
    until = time.monotonic() + 30
    while watched.loop():
        assert time.monotonic() < until, "the loop does not end"
        time.sleep(0.2)


def test_a_loop_that_was_killed_is_started_again_by_whoever_comes_next(watched: Watched) -> None:
    host = watched.host
    host("observe", "web", "--do", "start", *ON_STAGING, stdin=b"{}")
    loop = watched.loop()
    assert loop
    os.kill(loop, signal.SIGKILL)
    until = time.monotonic() + 10
    while host("jobs")["works"]:
        assert time.monotonic() < until
    assert host("observe", "web", "--do", "start", *ON_STAGING, stdin=b"{}")["changed"] is True
    assert host("jobs")["works"] is True
    host("observe", "web", "--do", "stop", *ON_STAGING)


def test_a_sample_takes_less_than_one_percent_of_a_core(watched: Watched) -> None:
    watched.sample(3)
    before = resource.getrusage(resource.RUSAGE_SELF)
    watched.sample(20)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 20
    assert seconds < 0.3, f"{seconds:.3f} s of processor time a sample; 0.6 s a minute are 1 % of a core"


def test_what_serves_behind_an_edge_is_what_is_looked_at(watched: Watched) -> None:
    monorepo = watched.host.monorepo
    monorepo.in_colours()
    monorepo.commit("fine in-colours")
    assert watched.host.deploy()["outcome"] == "deployed"
    assert watched.sample() == ["web up"]
    project = f"{monorepo.name}-web-blue"
    live = docker("ps", "--quiet", "--filter", f"label=com.docker.compose.project={project}").split()
    live = (
        live
        or docker("ps", "--quiet", "--filter", f"label=com.docker.compose.project={monorepo.name}-web-green").split()
    )
    docker("stop", "--time", "1", live[0])
    assert watched.sample()[0].startswith("web down (")
