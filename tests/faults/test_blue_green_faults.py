"""What goes wrong around a change in colours: the old release or the new one serves, and the next run converges."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny.host import DEPLOY, Host, docker
from tiny.load import Load

pytestmark = pytest.mark.engine
KILLED = Path(__file__).with_name("killed.py")
BEFORE_SWITCH = ("prepare", "verify", "start", "preview")


def die_after(host: Host, step: str, *arguments: str, stdin: bytes = b"") -> None:
    """Run the host program and have it killed right after it wrote `step` into its journal."""
    program, *words = host.command(*arguments)[1:]
    done = subprocess.run([sys.executable, str(KILLED), step, program, *words], input=stdin, capture_output=True)
    assert done.returncode == -9, (done.stdout + done.stderr).decode()


def load(host: Host) -> Load:
    return Load(host.monorepo.name, host.monorepo.port, clients=4, inside=False)


@pytest.mark.fault("SIGKILL of the host program after every journal step")
@pytest.mark.parametrize("step", ["prepare", "verify", "start", "preview", "switch", "commit", "drain"])
def test_killed_after_any_step_nobody_notices_and_the_next_run_converges(host: Host, step: str) -> None:
    host.monorepo.in_colours(drain=1)
    host.deploy()
    host.monorepo.commit("fine second")
    with load(host) as users:
        die_after(host, step, DEPLOY, stdin=host.monorepo.bundle())
        assert host.release() == ("fine" if step in (*BEFORE_SWITCH, "switch") else "fine-second")
        found = host.deploy()
    assert (found["code"], found["failed"], host.release()) == (0, False, "fine-second"), found
    assert [one for one in users.failures if "upgraded" not in one] == []
    assert [event for event, _ in host.events()] == ["deployed", "deployed"]
    assert len(host.colour("blue")) + len(host.colour("green")) == 1
    assert host.colour("trial") == []
    before = host.tree(), host.colour("edge")
    assert host.deploy()["outcome"] == "unchanged"
    assert (host.tree(), host.colour("edge")) == before


@pytest.mark.fault("SIGKILL of the host program after every journal step")
@pytest.mark.parametrize("step", ["verify", "start", "preview", "switch", "commit", "drain"])
def test_killed_while_it_goes_back_nobody_notices(host: Host, step: str) -> None:
    host.monorepo.in_colours(warm=600, drain=1)
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    with load(host) as users:
        die_after(host, step, "rollback", "web")
        found = host("abort", "web")
    back = step not in ("verify", "start", "preview")
    assert (found["code"], host.release()) == (0, "fine" if back else "fine-second"), found
    assert host.current() == ("releases/1" if back else "releases/2")
    assert [one for one in users.failures if "upgraded" not in one] == []
    assert len(host.colour("blue")) == len(host.colour("green")) == 1


@pytest.mark.fault("SIGKILL of the host program after every journal step")
@pytest.mark.parametrize("step", ["preview", "return"])
def test_killed_while_a_bad_release_is_judged_it_never_serves(host: Host, step: str) -> None:
    host.monorepo.health = {"consecutive": 2, "deadline": 2, "interval": 0.2}
    host.monorepo.in_colours()
    host.deploy()
    host.monorepo.commit("unhealthy")
    with load(host) as users:
        die_after(host, step, DEPLOY, stdin=host.monorepo.bundle())
        found = host("abort", "web")
    assert found["outcome"] == ("forgotten" if step == "preview" else "rejected"), found
    assert (users.failures, set(users.releases), host.colour("green")) == ([], {"fine"}, [])
    assert host.current() == "releases/1"


@pytest.mark.fault("SIGKILL of the host program after every journal step")
@pytest.mark.parametrize("step", ["start", "preview", "switch", "commit", "drain"])
def test_killed_on_the_step_from_stop_first_the_next_run_converges(host: Host, step: str) -> None:
    host.deploy()
    host.monorepo.in_colours()
    host.monorepo.commit("fine second")
    die_after(host, step, DEPLOY, stdin=host.monorepo.bundle())
    if step in ("start", "preview", "switch"):
        assert host.release() == "fine"
    found = host.deploy()
    assert (found["code"], found["strategy"], host.release()) == (0, "blue-green", "fine-second"), found
    assert (host.containers(), host.colour("trial")) == ([], [])
    assert len(host.colour("blue")) + len(host.colour("green")) == 1


def test_new_release_that_dies_at_the_switch_gives_way_at_once(host: Host) -> None:
    host.monorepo.in_colours()
    host.deploy()
    host.monorepo.commit("fine second")
    host("prepare,verify", stdin=host.monorepo.bundle())
    die_after(host, "switch", "switch,drain", "web")
    docker("kill", *[one.split()[0] for one in host.colour("green")])
    found = host("abort", "web")
    assert (found["outcome"], found["current"], host.release()) == ("returned", 1, "fine"), found
    assert host.colour("green") == []
    assert host.events()[-1] == ("returned", 1)


@pytest.mark.fault("edge killed or taken away")
def test_edge_that_was_taken_away_is_put_back_by_the_same_deploy(host: Host) -> None:
    host.monorepo.in_colours()
    host.deploy()
    docker("rm", "--force", *[one.split()[0] for one in host.colour("edge")])
    assert host("status")["environments"]["staging"]["components"]["web"]["edge"]["problem"]
    found = host.deploy()
    assert (found["outcome"], found["current"], host.release()) == ("started", 1, "fine"), found


@pytest.mark.fault("edge killed or taken away")
def test_edge_that_is_killed_comes_back_with_the_colour_that_serves(host: Host) -> None:
    host.monorepo.in_colours(warm=600)
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    host("rollback", "web")
    host.monorepo.commit("fine third")
    die_after(host, "preview", DEPLOY, stdin=host.monorepo.bundle())
    docker("restart", "--time", "0", *[one.split()[0] for one in host.colour("edge")])
    until = time.monotonic() + 20
    while not host.release() and time.monotonic() < until:
        time.sleep(0.05)
    assert host.release() == "fine"
    assert host("abort", "web")["outcome"] == "forgotten"
    assert host.release() == "fine"


@pytest.mark.fault("SIGKILL of the host program after every journal step")
@pytest.mark.parametrize("step", ["switch", "settle", "commit"])
def test_killed_on_the_step_back_to_stop_first_the_next_run_converges(host: Host, step: str) -> None:
    host.monorepo.in_colours(warm=600)
    host.deploy()
    host.monorepo.entry["strategy"] = "stop-first"
    host.monorepo.commit("fine second")
    die_after(host, step, DEPLOY, stdin=host.monorepo.bundle())
    found = host.deploy()
    assert (found["code"], found["strategy"], host.release()) == (0, "stop-first", "fine-second"), found
    assert [host.colour(one) for one in ("blue", "green", "edge")] == [[], [], []]
    assert len(host.containers()) == 1


def test_bad_step_back_to_stop_first_returns_to_the_colour(host: Host) -> None:
    host.monorepo.health = {"consecutive": 2, "deadline": 3, "interval": 0.2}
    host.monorepo.in_colours()
    host.deploy()
    host.monorepo.entry["strategy"] = "stop-first"
    host.monorepo.commit("unhealthy")
    found = host.deploy()
    assert (found["outcome"], found["current"], host.release()) == ("returned", 1, "fine"), found
    assert (found["strategy"], host.containers()) == ("blue-green", [])


def test_interrupted_before_the_switch_it_takes_back_what_it_began(host: Host) -> None:
    host.monorepo.in_colours()
    host.deploy()
    host.monorepo.commit("unhealthy")
    process = host.start(host.monorepo.bundle())
    host.wait_for("preview")
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 1
    assert (host.colour("green"), host.release(), host.current()) == ([], "fine", "releases/1")
    assert host("abort", "web")["outcome"] == "unchanged"
