"""The gates of a release where it was deployed; a server of the test's stands in for the deployment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from lamp import Lamps

GATES = [("verification", "integration-where-deployed"), ("smoke", "smoke-where-deployed")]
every = pytest.mark.parametrize(("stage", "gate"), GATES)


@pytest.fixture
def answers() -> Iterator[dict[str, Any]]:
    """Serve `body` at `port`."""
    state: dict[str, Any] = {"body": b"light"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(state["body"])

        def log_message(self, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state | {"port": server.server_port, "state": state}
        server.shutdown()


def deployed(folder: Path, port: int | None, stage: str) -> Lamps:
    lamps = Lamps(folder / "lamps")
    lamps.stage = stage
    lamps.entry["tests"]["smoke"] = lamps.entry["tests"]["integration"]
    published = {"lamp": {"8080": f"0.0.0.0:{port}"}} if port else {}
    lamps.environment |= {"name": "staging", "address": "127.0.0.1", "published": published}
    return lamps


@every
def test_a_release_that_answers_as_tested_passes(
    tmp_path: Path, answers: dict[str, Any], stage: str, gate: str
) -> None:
    assert deployed(tmp_path, answers["port"], stage).told(gate) == ("pass", 0, "")


@every
def test_a_release_that_answers_otherwise_fails(tmp_path: Path, answers: dict[str, Any], stage: str, gate: str) -> None:
    answers["state"]["body"] = b"dark"
    verdict, found, cause = deployed(tmp_path, answers["port"], stage).told(gate)
    assert (verdict, found) == ("fail", 1)
    assert cause.startswith("tests.integration.test_lamp_integration.test_lamp_answers: ")


@every
def test_a_release_that_publishes_nothing_is_inconclusive(tmp_path: Path, stage: str, gate: str) -> None:
    verdict, found, cause = deployed(tmp_path, None, stage).told(gate)
    assert (verdict, found, cause) == ("inconclusive", None, "lamp does not publish port 8080 in staging")
