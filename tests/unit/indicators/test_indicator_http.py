"""Indicator `http` against a server of the test's."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import hidden
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.http import Http
from workplace import Workplace

SECRET = "hunter2-and-more"


class Lamp(BaseHTTPRequestHandler):
    """/ok, /broken, /nan, /empty, /to/PATH (redirects), /away, /loop, /slow, /long; a cookie with each answer."""

    asked = 0

    def do_GET(self) -> None:
        Lamp.asked += 1
        path = self.path.partition("?")[0]
        bodies = {
            "/ok": json.dumps({"status": "ok", "tokens": 3, "token": SECRET, "url": f"redis://:{SECRET}@redis:6379"}),
            "/broken": "<html>",
            "/nan": '{"watts": NaN}',
            "/empty": "",
            "/long": "x" * 3_000_000,
        }
        redirects = {"/moved": "/ok", "/away": "http://127.0.0.2:1/ok", "/loop": "/loop"}
        if path == "/slow":
            time.sleep(5)
        self.send_response(302 if path in redirects else 200 if path in bodies else 503)
        if path in redirects:
            self.send_header("Location", redirects[path])
        body = bodies.get(path, '{"status": "down"}').encode()
        self.send_header("Set-Cookie", f"session={SECRET}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        return


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *of: Any) -> None:
            return  # who asks may leave before the answer

    with Quiet(("127.0.0.1", 0), Lamp) as served:
        served.daemon_threads = True
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{served.server_port}"
        served.shutdown()


def test_an_answer_is_a_document_without_secrets(server: str, tmp_path: Path) -> None:
    measured = Workplace(tmp_path).measure(type="http", url=f"http://{server}/ok?key={SECRET}&name=x")
    document = measured.document
    assert measured.problem == ""
    assert (document["status"], document["examined"], document["redirects"]) == (200, 1, [])
    assert (document["json"]["status"], document["json"]["tokens"]) == ("ok", 3)
    assert 0 < document["ms"] < 5000
    assert document["url"].endswith("/ok?key=…&name=…")
    assert SECRET not in json.dumps(document)
    assert SECRET not in str(measured)


def test_a_published_port_is_found_by_its_service(server: str, tmp_path: Path) -> None:
    port = server.rpartition(":")[2]
    place = Workplace(tmp_path, environment={"published": {"lamp": {"8080": f"0.0.0.0:{port}"}}})
    assert place.measure(type="http", service="{component}", port=8080, path="/ok").document["status"] == 200
    missing = place.measure(type="http", service="lamp", port=9090)
    assert missing.problem == "lamp does not publish port 9090 in staging"


def test_a_status_of_the_server_s_is_no_problem_but_a_number(server: str, tmp_path: Path) -> None:
    document = Workplace(tmp_path).measure(type="http", url=f"http://{server}/health").document
    assert (document["status"], document["json"]) == (503, {"status": "down"})


@pytest.mark.parametrize(
    ("path", "why"),
    [("/broken", "the body is no JSON"), ("/nan", "the body is no JSON: holds NaN"), ("/empty", "the body is empty")],
)
def test_a_body_that_is_no_json_is_null_with_a_reason(server: str, tmp_path: Path, path: str, why: str) -> None:
    document = Workplace(tmp_path).measure(type="http", url=f"http://{server}{path}").document
    assert document["json"] is None
    assert document["no_json"].startswith(why)


def test_redirects_are_followed_at_home_and_stated(server: str, tmp_path: Path) -> None:
    document = Workplace(tmp_path).measure(type="http", url=f"http://{server}/moved").document
    assert (document["status"], document["url"]) == (200, f"http://{server}/ok")
    assert document["redirects"] == [
        {"status": 302, "from": f"http://{server}/moved", "to": f"http://{server}/ok"},
    ]
    document = Workplace(tmp_path).measure(type="http", url=f"http://{server}/away").document
    assert (document["status"], document["redirects"][0]["to"]) == (302, "http://127.0.0.2:1/ok")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/loop", "was redirected more than 5 times"),
        ("/slow", "did not answer within 0.5 s"),
        ("/long", "answered with more than 2097152 bytes"),
    ],
)
def test_no_usable_answer_is_a_problem(server: str, tmp_path: Path, path: str, problem: str) -> None:
    measured = Workplace(tmp_path).measure(type="http", url=f"http://{server}{path}", timeout=0.5)
    assert measured.problem == f"http://{server}{path} {problem}"


def test_a_loop_of_redirects_is_left_after_five(server: str, tmp_path: Path) -> None:
    Lamp.asked = 0
    Workplace(tmp_path).measure(type="http", url=f"http://{server}/loop")
    assert Lamp.asked == 6


def test_nobody_there_is_a_problem(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    measured = Workplace(tmp_path).measure(type="http", url=f"http://127.0.0.1:{port}/")
    assert measured.problem == f"http://127.0.0.1:{port}/ did not answer: Connection refused"


def test_a_server_that_drips_is_ended_in_time(tmp_path: Path) -> None:
    def drip(listening: socket.socket) -> None:
        client, _ = listening.accept()
        with client:
            try:
                while True:
                    client.sendall(b"X")
                    time.sleep(0.1)
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=(listening,), daemon=True).start()
        started = time.monotonic()
        measured = Workplace(tmp_path).measure(
            type="http", url=f"http://127.0.0.1:{listening.getsockname()[1]}/", timeout=0.5
        )
    assert "did not answer within 0.5 s" in measured.problem
    assert time.monotonic() - started < 10


def test_modules_of_the_monorepo_do_not_stand_in_for_the_library_s(server: str, tmp_path: Path) -> None:
    place = Workplace(tmp_path).write(
        **{"json.py": "raise SystemExit(9)\n", "http/__init__.py": "raise SystemExit(9)\n"}
    )
    assert place.measure(type="http", url=f"http://{server}/ok").document["status"] == 200


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "service is None; wanted: a service, or a url instead"),
        ({"url": "ftp://x"}, "url is 'ftp://x'; wanted: an address that begins with http"),
        ({"url": "http://me:secret@x/"}, "url has a login in it"),
        ({"url": "http://x", "port": 1}, "port stands beside url"),
        ({"service": "lamp", "port": "8080"}, "port is '8080'; wanted: the port inside the container"),
        ({"service": "lamp", "port": 80, "path": "health"}, "path is 'health'; wanted: a path that begins with /"),
        ({"service": "{lamp}", "port": 80}, "unknown token {lamp}"),
        ({"url": "http://x", "timeout": 0}, "timeout is 0; wanted: a number of seconds"),
        ({"url": "http://x", "timeout": True}, "timeout is True; wanted: a number of seconds"),
    ],
)
def test_parameters_that_cannot_be_right(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        Http.check(parameters, "gate x, key indicator")
    assert sentence in str(raised.value)
    assert "me:secret" not in str(raised.value)


@pytest.mark.parametrize(
    "written",
    [
        f"password={SECRET}",
        f"API_KEY: '{SECRET}'",
        f'{{"auth_token": "{SECRET}"}}',
        f"Authorization: Bearer {SECRET}",
        f"postgres://lamp:{SECRET}@db/lamp",
        f"Cookie: {SECRET}",
    ],
)
def test_what_stands_behind_a_secret_s_name_is_hidden(written: str) -> None:
    assert SECRET not in hidden.text(written)
    assert SECRET not in str(hidden.data({"body": [written], "password": {"value": SECRET}}))


@pytest.mark.parametrize(
    "piece", ["a.", 'token="', "a://", "basic ", "token=", "a:", "password", "-----", 'x"token', "token: \n"]
)
def test_no_answer_is_thought_about_for_long(piece: str) -> None:
    started = time.monotonic()
    hidden.text(piece * (500_000 // len(piece)))
    assert time.monotonic() - started < 8
