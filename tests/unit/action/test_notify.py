"""One address is told of a change; that it could not be is a sentence without the address."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.notices.sending import post
from ansible_collections.tta.ops.plugins.plugin_utils.notices.words import message

OPERATION = {
    "component": "web", "target": "staging", "actor": "Jane", "reason": "why", "run": "r1",
    "artifact": {"commit": "c1", "tree": "t1"},
}  # fmt: skip
RESULT = {
    "release": {"number": 8, "artifact": {"commit": "c8", "tree": "t8"}}, "current": 8, "outcome": "deployed",
    "msg": "web 8 serves", "receipt": {"gap_seconds": 0.0}, "at": "2026-11-20T10:00:00Z",
}  # fmt: skip


class Listener(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent; answers what its path says."""

    received: list[dict[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).received.append(json.loads(body))
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    Listener.received = []
    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Listener.received
    server.shutdown()
    thread.join(5)
    server.server_close()


def test_the_address_gets_what_happened(listener: tuple[str, list[dict[str, Any]]]) -> None:
    address, received = listener
    assert post(f"{address}/200", message(OPERATION, "post_deploy", RESULT)) == ""
    (one,) = received
    assert (one["schema"], one["event"], one["text"]) == (1, "post_deploy", "web on staging: web 8 serves")
    assert one["release"] == {"number": 8, "commit": "c8", "tree": "t8"}
    assert (one["serves"], one["outcome"], one["receipt"]) == (8, "deployed", {"gap_seconds": 0.0})
    assert (one["actor"], one["reason"], one["run"]) == ("Jane", "why", "r1")


def test_before_there_is_a_release_the_artifact_is_the_operations() -> None:
    assert message(OPERATION, "on_failure", {})["release"] == {"number": None, "commit": "c1", "tree": "t1"}


def test_what_does_not_arrive_is_a_sentence_without_the_address(listener: tuple[str, list[dict[str, Any]]]) -> None:
    address, _ = listener
    assert post(f"{address}/500", {}) == "it answers 500"
    for one in ("http://127.0.0.1:9/secret", "file:///secret", "secret", "http://secret\n/", "http://[secret"):
        problem = post(one, {})
        assert problem and "secret" not in problem
