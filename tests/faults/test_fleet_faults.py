"""A fleet of which one host dies: each ends with the old release or the new one wherever it can be reached."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from container_host.docker_cli import docker
from container_host.host import ContainerHost
from tiny.fleet import Fleet

pytestmark = pytest.mark.engine


@pytest.fixture
def served(fleet: Fleet) -> Iterator[Fleet]:
    """A fleet that serves its first release on both hosts, and has another one committed."""
    code, output = fleet.play()
    assert code == 0, output
    fleet.monorepo.commit("fine second")
    yield fleet
    for host in fleet.hosts:
        revive(host)


def kill(host: ContainerHost) -> list[str]:
    """Return the command that takes the power from a host."""
    return ["docker", "kill", host.name]


def revive(host: ContainerHost) -> None:
    """Start a host again, and wait for its engine."""
    docker("start", host.name)
    until = time.monotonic() + 60
    while not (host._sshd_answers() and host._engine_answers()):
        assert time.monotonic() < until, host.logs()
        time.sleep(0.1)


def converges(fleet: Fleet) -> str:
    """Bring all hosts back, deploy again, and return what that said."""
    for host in fleet.hosts:
        revive(host)
    code, output = fleet.play()
    assert code == 0, output
    assert fleet.serving() == ["fine-second", "fine-second"]
    return output


@pytest.mark.fault("host of a fleet down before it is changed")
def test_a_host_that_cannot_be_reached_stops_all_before_the_first_change(served: Fleet) -> None:
    first, second = served.hosts
    before = served.events(first), first.run("docker", "ps", "--no-trunc", "--quiet")
    docker("kill", second.name)
    code, output = served.play()
    assert code != 0
    assert "staging-2: it cannot be reached" in output
    assert (served.events(first), first.run("docker", "ps", "--no-trunc", "--quiet")) == before
    assert served.answer(first) == "fine"
    assert "prepare:" not in output
    converges(served)


@pytest.mark.fault("host down in the middle of a fleet")
def test_the_canary_is_not_switched_when_the_other_dies_before(served: Fleet) -> None:
    first, second = served.hosts
    code, output = served.interfere("Prepare on the others", kill(second))
    assert code != 0
    # The canary was switched (nobody knew yet) and has returned.
    assert served.answer(first) == "fine", output
    assert "staging-2: it cannot be reached" in output
    assert "staging-1 serves 1" in output
    converges(served)


@pytest.mark.fault("host down in the middle of a fleet")
def test_a_canary_that_dies_leaves_the_others_as_they_were(served: Fleet) -> None:
    first, second = served.hosts
    code, output = served.interfere("Prepare on the others", kill(first))
    assert code != 0
    assert served.answer(second) == "fine", output
    assert "staging-1: it cannot be reached" in output
    assert served.events(second) == [("deployed", 1, 1)]
    converges(served)


@pytest.mark.fault("host down in the middle of a fleet")
def test_a_host_that_dies_after_the_canary_brings_it_back(served: Fleet) -> None:
    first, second = served.hosts
    code, output = served.interfere("Switch the first host, as the canary", kill(second))
    assert code != 0
    assert served.answer(first) == "fine", output
    assert [event for event, *_ in served.events(first)] == ["deployed", "deployed", "returned"]
    assert "staging-2: it cannot be reached" in output
    converges(served)


@pytest.mark.fault("host down while a fleet is verified")
def test_a_host_that_dies_while_it_is_verified_brings_the_others_back(served: Fleet) -> None:
    first, second = served.hosts
    code, output = served.verify_after(kill(second))
    assert code != 0
    assert served.answer(first) == "fine", output
    assert "staging-2 cannot be reached any more" in output
    assert [event for event, *_ in served.events(first)] == ["deployed", "deployed", "returned"]
    converges(served)


@pytest.mark.fault("run killed in the middle of a fleet")
@pytest.mark.parametrize("after", ["Prepare on the others", "Switch the first host, as the canary"])
def test_a_killed_run_is_brought_to_its_end_by_the_next(served: Fleet, after: str) -> None:
    code, _ = served.interfere(after, ["sh", "-c", f"kill -9 $(cat {served.folder / 'run.pid'})"])
    assert code == -9
    assert served.answer(served.hosts[1]) == "fine"
    assert "waits whether" not in converges(served)  # it saw that the process is gone


@pytest.mark.fault("fault on one host of a fleet")
def test_what_fails_on_one_host_fails_on_all(served: Fleet, tmp_path: Path) -> None:
    first, second = served.hosts
    # The port is taken on the second host alone.
    second.run("docker", "rm", "-f", *second.run("docker", "ps", "-aq").split())
    second.run("docker", "run", "-d", "--name", "squatter", "-p", f"127.0.0.1:{served.monorepo.port}:1",
               second.run("docker", "image", "ls", "-q", "tta-ops/web-web").split()[0], "sleep", "600")  # fmt: skip
    code, output = served.play()
    assert code != 0
    assert "is held by" in output
    assert served.answer(first) == "fine"
    assert served.events(first) == [("deployed", 1, 1)]
    second.run("docker", "rm", "-f", "squatter")
    converges(served)
