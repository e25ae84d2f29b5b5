"""The host watches a release on a real engine, takes a bad one back by itself, and tells somebody."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from tiny.host import Host, docker

QUICK = {
    "health": {"failed": 2},
    "error_rate": {"percent": 50, "minutes": 5, "at_least": 50},
    "logs": {"new": 1},
    "restarts": {"more": 2},
}


class Told:
    """An address that remembers what it is told; `broken`: it answers 500."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.broken = False
        told = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not told.broken:
                    told.messages.append(json.loads(body))
                self.send_response(500 if told.broken else 200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/secret-hook"


@pytest.fixture
def told() -> Iterator[Told]:
    made = Told()
    yield made
    made.server.shutdown()


@pytest.fixture(autouse=True)
def nobody_left(host: Host) -> Iterator[None]:
    yield
    for process in followers(host.state):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)


def followers(state: Path) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if b"follow" in words and str(state).encode() in words:
                found.append(int(folder.name))
    return found


def watch(host: Host, release: int, told: Told, **settings: Any) -> dict[str, Any]:
    given = {
        "component": "web",
        "environment": "staging",
        "release": release,
        "run": f"promoted-{release}",
        "actor": "Jane <jane@example.org>",
        "reason": "a test",
        "webhook": told.address,
        "settings": {"hours": 1, "every": 1, "first": 0, "triggers": QUICK, **settings},
    }
    return host("watch", "--do", "start", stdin=json.dumps(given).encode())


def seen(host: Host, state: str, seconds: float = 60) -> dict[str, Any]:
    """Return the watch once it is in `state`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        (found,) = host("watch", "web", "--environment", "staging")["watches"]
        if found["state"] == state:
            return dict(found)
        time.sleep(0.3)
    raise AssertionError(f"not {state} within {seconds:g} s: {found}")


def deployed(host: Host, *behaviours: str) -> None:
    for behaviour in behaviours:
        host.monorepo.commit(behaviour)
        assert host.deploy()["outcome"] == "deployed"


def test_what_turns_bad_after_everybody_has_left_is_taken_back(host: Host, told: Told) -> None:
    host.monorepo.in_colours(warm=0, drain=1)
    deployed(host, "fine", "dies")
    assert watch(host, 2, told)["changed"]
    assert len(followers(host.state)) == 1
    assert not watch(host, 2, told)["changed"], "it is watched already"
    bad = seen(host, "bad")
    assert (bad["fired"]["trigger"], host.release()) == ("health", "fine")
    assert "HTTP 500" in bad["fired"]["why"]
    assert bad["first_bad"] >= bad["begun"]
    returned, incident = host.ledger()[-2:]
    assert (returned["event"], returned["data"]["act"], returned["actor"]) == ("returned", "undo", "tta-ops watch")
    assert incident["event"] == "incident"
    assert incident["run"] == returned["run"]
    data = incident["data"]
    assert (data["kind"], data["trigger"], data["severity"]) == ("rollback", "health", "critical")
    assert (data["from_release"], data["to_release"]) == (2, 1)
    assert (data["first_bad"], data["details"]["of_run"]) == (bad["first_bad"], "promoted-2")
    (message,) = told.messages
    assert (message["event"], message["serves"], message["outcome"]) == ("auto_rollback", 1, "returned")
    until = time.monotonic() + 20
    while followers(host.state) and time.monotonic() < until:
        time.sleep(0.1)
    assert followers(host.state) == [], "nothing is watched any more, so nobody looks"


def test_a_follower_that_was_killed_is_left_anew_and_ends_what_it_began(host: Host, told: Told) -> None:
    deployed(host, "fine", "fine too")
    watch(host, 2, told)
    (process,) = followers(host.state)
    os.kill(process, signal.SIGKILL)
    path = host.state / "staging/watches/web.json"
    record = json.loads(path.read_text())
    # as it is when the follower was killed between its decision and the rollback
    fired = {"trigger": "health", "severity": "critical", "why": "it was", "run": "watch-1"}
    path.write_text(json.dumps({**record, "fired": fired, "first_bad": record["begun"]}))
    told.broken = True
    assert host("watch", "--do", "tick")["changed"]
    seen(host, "bad")
    assert host.release() == "fine"
    assert [entry["event"] for entry in host.ledger()[-2:]] == ["returned", "incident"]
    assert (len(told.messages), len(followers(host.state))) == (0, 1), "it goes on until somebody was told"
    told.broken = False
    until = time.monotonic() + 20
    while not told.messages and time.monotonic() < until:
        time.sleep(0.2)
    assert told.messages[0]["event"] == "auto_rollback"
    assert "secret-hook" not in json.dumps(host("watch", "web"))


def test_new_errors_fire_and_known_ones_do_not(host: Host, told: Told) -> None:
    deployed(host, "fine", "fine too")
    host("watch", "web", "--do", "note", "--environment", "staging")
    watch(host, 2, told)
    project = f"{host.monorepo.name}-web"
    (container,) = docker("ps", "--quiet", "--filter", f"label=com.docker.compose.project={project}").split()
    time.sleep(1.5)
    docker("exec", container, "sh", "-c", "echo 'ERROR: the sky fell on 7 heads' > /proc/1/fd/2")
    bad = seen(host, "bad")
    assert bad["fired"]["trigger"] == "logs"
    assert "the sky fell on 7 heads" in bad["fired"]["why"]
    assert host.release() == "fine"


def test_a_first_release_has_no_way_back_and_is_left_with_an_incident(host: Host, told: Told) -> None:
    deployed(host, "dies")
    watch(host, 1, told)
    bad = seen(host, "bad")
    assert "no release served before it" in bad["outcome"]
    incident = host.ledger()[-1]
    assert (incident["data"]["kind"], incident["data"]["severity"]) == ("watch", "critical")
    assert host.answer() != ""


def test_a_watch_ends_with_its_time_and_with_another_release(host: Host, told: Told) -> None:
    deployed(host, "fine")
    watch(host, 1, told, hours=0.01)
    deployed(host, "fine too")
    assert "serves since another act" in seen(host, "replaced")["outcome"]
    watch(host, 2, told, hours=0.01)
    assert seen(host, "passed", 90)["failed"] == 0
    assert [message["event"] for message in told.messages] == ["watch_passed"]


def test_what_is_not_served_is_not_watched(host: Host, told: Told) -> None:
    deployed(host, "fine")
    refused = watch(host, 7, told)
    assert (refused["failed"], refused["code"] != 0) == (True, True)
    assert "web 7 is to be watched, but web 1 still serves" in refused["message"]
