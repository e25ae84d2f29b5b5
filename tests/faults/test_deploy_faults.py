"""What goes wrong around a deploy: each ends at the old release or the new one, and the next run converges."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny.host import DEPLOY, Host, kill

pytestmark = pytest.mark.engine
KILLED = Path(__file__).with_name("killed.py")


def deploy_until(host: Host, step: str) -> subprocess.CompletedProcess[bytes]:
    program, *arguments = host.command(DEPLOY)[1:]
    command = [sys.executable, str(KILLED), step, program, *arguments]
    return subprocess.run(command, input=host.monorepo.bundle(), capture_output=True, check=False)


def deploy_and_die_after(host: Host, step: str) -> None:
    done = deploy_until(host, step)
    assert done.returncode == -9, done.stderr.decode()


@pytest.mark.fault("SIGKILL of the host program after every journal step")
@pytest.mark.parametrize("step", ["prepare", "verify", "switch", "settle", "commit", "drain"])
def test_killed_after_any_step_of_an_update_the_next_run_converges(host: Host, step: str) -> None:
    host.deploy()
    host.monorepo.commit("fine second")
    deploy_and_die_after(host, step)
    if step in ("prepare", "verify"):
        assert host.answer() == '{"status": "ok"}'
    found = host.deploy()
    assert (found["code"], found["failed"]) == (0, False), found
    assert host.answer() == '{"status": "ok"}'
    assert host.events()[0] == ("deployed", 1)
    assert [event for event, _ in host.events()] == ["deployed", "deployed"]
    assert len(host.containers()) == 1
    before = host.tree(), host.containers()
    assert host.deploy()["outcome"] == "unchanged"
    assert (host.tree(), host.containers()) == before


@pytest.mark.fault("SIGKILL of the host program after every journal step")
@pytest.mark.parametrize("step", ["settle", "return"])
def test_killed_while_a_bad_release_goes_back_the_next_run_converges(host: Host, step: str) -> None:
    host.monorepo.health = {"consecutive": 2, "deadline": 4, "interval": 0.2}
    host.deploy()
    good = host.monorepo.bundle()
    host.monorepo.commit("crash")
    deploy_and_die_after(host, step)
    found = host(DEPLOY, stdin=good)
    assert (found["code"], found["current"]) == (0, 1), found
    assert host.answer() == '{"status": "ok"}'
    assert [event for event, _ in host.events()] == ["deployed", "returned"]


@pytest.mark.fault("SIGKILL of the host program after every journal step")
def test_killed_during_a_first_deploy_the_next_run_converges(host: Host) -> None:
    deploy_and_die_after(host, "switch")
    found = host.deploy()
    assert (found["code"], found["current"]) == (0, 1), found
    assert host.events() == [("deployed", 1)]


@pytest.mark.fault("SIGKILL of the host program after every journal step")
def test_killed_amid_compose_the_next_run_waits_for_what_is_left_of_it(host: Host) -> None:
    host.deploy()
    host.monorepo.commit("fine second")
    process = host.start(host.monorepo.bundle())
    host.wait_for("switch")
    time.sleep(0.4)  # not for readiness: somewhere in the middle of what Compose does
    kill(process)
    found = host.deploy()
    assert (found["code"], found["current"]) == (0, 2), found
    assert len(host.containers()) == 1


@pytest.mark.fault("second operator")
def test_second_operator_is_told_who_is_at_it(host: Host) -> None:
    host.deploy()
    host.monorepo.health = {"consecutive": 2, "deadline": 6, "interval": 0.2}
    host.monorepo.commit("unhealthy")
    bundle = host.monorepo.bundle()
    process = host.start(bundle)
    host.wait_for("settle")
    found = host("rollback", "web")
    assert (found["code"], found["outcome"], found["holder"]["actor"]) == (75, "locked", "Jane <jane@example.org>"), (
        found
    )
    assert "a test" in found["message"]
    assert "in phase settle" in found["message"]
    assert process.wait(60) == 1


@pytest.mark.fault("Docker does not answer")
def test_engine_that_does_not_answer_is_named_and_nothing_written(host: Host) -> None:
    found = host(DEPLOY, stdin=host.monorepo.bundle(), env={"DOCKER_HOST": "unix:///nowhere.sock"})
    assert (found["code"], found["outcome"], found["changed"]) == (1, "failed", False)
    assert "Docker does not answer" in found["message"]
    assert host.events() == []
    assert not (host.state / "staging/components/web/releases").exists()


@pytest.mark.fault("disk full while writing state")
def test_disk_that_fills_up_after_the_switch_leaves_an_act_to_be_ended(host: Host) -> None:
    host.deploy()
    host.monorepo.commit("fine second")
    done = deploy_until(host, "full:commit")
    found = json.loads(done.stdout.splitlines()[-1])["result"]
    assert (done.returncode, found["outcome"], found["changed"]) == (1, "unfinished", True), found
    assert "the same command again" in found["message"]
    again = host.deploy()
    assert (again["code"], again["current"]) == (0, 2), again
    assert host.events() == [("deployed", 1), ("deployed", 2)]


def test_mounted_file_that_is_not_committed_is_named(host: Host) -> None:
    (host.monorepo.folder / "conf/web.conf").unlink()
    host.monorepo.commit("fine")
    found = host.deploy()
    assert "conf/web.conf is mounted but not in the commit" in found["message"]
    assert not (host.state / "staging/components/web/releases").exists()


def test_service_without_any_check_is_refused(host: Host) -> None:
    host.monorepo.entry["health"] = None
    compose = host.monorepo.folder / "compose.yml"
    lines = [line for line in compose.read_text().splitlines() if "open('/web.py')" not in line]
    host.monorepo.write("compose.yml", "\n".join(lines) + "\n")
    host.monorepo.commit("fine")
    assert "nothing says whether web is healthy" in host.deploy()["message"]


def test_other_environment_cannot_take_the_same_project_over(host: Host) -> None:
    host.deploy()
    before = host.containers()
    other = Host(host.program, host.monorepo)
    other.state = host.state.with_name("other")
    operation = host.monorepo.operation
    host.monorepo.environment = "production"
    assert operation()["target"] == "production"
    found = other.deploy()
    assert "already runs for staging on this host" in found["message"], found
    assert host.containers() == before
