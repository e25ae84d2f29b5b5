"""The Docker Engine asked over its socket: what it says, what it does not know, and when it is silent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import engine_socket
from ansible_collections.tta.ops.plugins.module_utils.host.engine import Engine
from ansible_collections.tta.ops.plugins.module_utils.host.engine_socket import EngineSocket
from ansible_collections.tta.ops.plugins.module_utils.host.errors import EngineError


class Daemon:
    """Answers one request a connection, by the beginning of its first line; keeps what was asked."""

    def __init__(self, path: Path) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        self.bodies: list[str] = []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            line, _ = self._listener.accept()
            with line:
                text = line.recv(65536).decode()
                first = text.partition("\r\n")[0]
                self.asked.append(first)
                self.bodies.append(text.partition("\r\n\r\n")[2])
                found = [answer for start, answer in self.answers.items() if first.startswith(start)]
                status, body = found[0] if found else (404, b'{"message": "no such thing"}')
                if status:
                    line.sendall(b"HTTP/1.0 %d X\r\nServer: y\r\n\r\n" % status + body)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    yield Daemon(tmp_path / "docker.sock")


@pytest.fixture
def engine(daemon: Daemon, tmp_path: Path) -> Engine:
    def no_command(*_: Any, **__: Any) -> Any:
        raise AssertionError("a command was run")

    return Engine(no_command, EngineSocket(str(tmp_path / "docker.sock")))


def test_containers_are_described_and_those_that_went_meanwhile_left_out(daemon: Daemon, engine: Engine) -> None:
    daemon.answers["GET /containers/json"] = (200, b'[{"Id": "a"}, {"Id": "b"}]')
    daemon.answers["GET /containers/a/json"] = (200, b'{"Id": "a", "Name": "/web"}')
    assert engine.containers("label=x=y", "publish=80/tcp") == [{"Id": "a", "Name": "/web"}]
    assert "all=1" in daemon.asked[0]
    assert "%22label%22%3A+%5B%22x%3Dy%22%5D%2C+%22publish%22%3A+%5B%2280%2Ftcp%22%5D" in daemon.asked[0]


def test_only_what_it_does_not_know_is_missing(daemon: Daemon, engine: Engine) -> None:
    daemon.answers["GET /images/registry:5000/a/b:1/json"] = (200, b'{"Id": "sha256:1"}')
    daemon.answers["GET /images/broken"] = (500, b'{"message": "out of\\n order"}')
    assert engine.image("registry:5000/a/b:1") == {"Id": "sha256:1"}
    assert engine.image("gone") is None
    with pytest.raises(EngineError, match=r"docker image inspect failed: out of order"):
        engine.image("broken")


def test_names_are_compared_whole(daemon: Daemon, engine: Engine) -> None:
    daemon.answers["GET /networks"] = (200, b'[{"Name": "web_default"}]')
    daemon.answers["GET /volumes"] = (200, b'{"Volumes": null}')
    assert engine.exists("network", "web_default")
    assert not engine.exists("network", "web")
    assert not engine.exists("volume", "data")


def test_one_container_goes_without_compose(daemon: Daemon, engine: Engine) -> None:
    daemon.answers["GET /containers/json"] = (200, b'[{"Id": "a"}]')
    daemon.answers["POST /containers/a/stop"] = (204, b"")
    daemon.answers["DELETE /containers/a"] = (204, b"")
    engine.down("web-blue")
    assert [one.split()[0] for one in daemon.asked] == ["GET", "POST", "DELETE"]
    daemon.answers["GET /containers/json"] = (200, b'[{"Id": "a"}, {"Id": "b"}]')
    with pytest.raises(AssertionError, match="a command was run"):
        engine.down("web-blue")


def test_an_image_is_held_by_a_container_unless_it_is_gone(daemon: Daemon, engine: Engine) -> None:
    daemon.answers["POST /containers/create?name=web-kept-1"] = (201, b'{"Id": "a"}')
    engine.hold("sha256:1", "web-kept-1", {"a": "b"})
    engine.hold("sha256:2", "web-kept-2", {})
    assert json.loads(daemon.bodies[0])["Labels"] == {"a": "b"}


def frame(stream: int, text: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(text).to_bytes(4, "big") + text


def test_logs_come_out_of_their_frames(daemon: Daemon, engine: Engine) -> None:
    daemon.answers["GET /containers/a/logs"] = (200, frame(1, b"one\n") + frame(2, b"bad\n") + frame(1, b"two\n"))
    assert engine.logs("a", 10, "1970-01-01T00:01:00Z") == "one\ntwo\nbad\n"
    assert "tail=10" in daemon.asked[0] and "since=60" in daemon.asked[0]


@pytest.mark.parametrize("body", [b"plain text of a terminal\n", b"", b"\x01\x00\x00\x00\x00\x00\x00\x09cut"])
def test_what_has_no_frames_is_taken_as_it_is(body: bytes) -> None:
    assert engine_socket.unframed(body) == body.decode()


def test_an_engine_that_is_silent_slow_or_closed_is_told_apart(daemon: Daemon, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="Docker does not answer on this host: start it"):
        EngineSocket(str(tmp_path / "nobody.sock"))("GET", "/version", 1)
    daemon.answers["GET /version"] = (0, b"")
    with pytest.raises(EngineError, match="Docker does not answer"):
        EngineSocket(str(tmp_path / "docker.sock"))("GET", "/version", 1)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as deaf:
        deaf.bind(str(tmp_path / "deaf.sock"))
        deaf.listen()
        with pytest.raises(EngineError, match=r"no answer within 0\.1 s"):
            EngineSocket(str(tmp_path / "deaf.sock"))("GET", "/version", 0.1)


def test_it_speaks_to_the_engine_that_the_command_would_speak_to(tmp_path: Path) -> None:
    def path(**environment: str) -> str | None:
        found = engine_socket.usual({"HOME": str(tmp_path), **environment})
        return found._path if found else None

    assert path() == "/var/run/docker.sock"
    assert path(DOCKER_HOST="unix:///run/user/1000/docker.sock") == "/run/user/1000/docker.sock"
    assert path(DOCKER_HOST="ssh://elsewhere") is None
    assert path(DOCKER_CONTEXT="elsewhere") is None
    (tmp_path / ".docker").mkdir()
    for context, found in (("elsewhere", None), ("default", "/var/run/docker.sock")):
        (tmp_path / ".docker" / "config.json").write_text(json.dumps({"currentContext": context}))
        assert path() == found
