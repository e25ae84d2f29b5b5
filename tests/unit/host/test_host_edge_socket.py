"""One question to the edge's control socket."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import edge_socket
from ansible_collections.tta.ops.plugins.module_utils.host.errors import EngineError


def serve(folder: Path, answer: bytes, asked: list[bytes]) -> threading.Thread:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Bound by a short path, as HAProxy does it in its container; asked by the long one of the state folder.
    short = Path(f"/proc/self/cwd/{folder.name}")
    server.bind(str(short / "master.sock"))
    server.listen()

    def once() -> None:
        with server, server.accept()[0] as line:
            asked.append(line.recv(100))
            line.sendall(answer)

    thread = threading.Thread(target=once, daemon=True)
    thread.start()
    return thread


def test_paths_longer_than_a_socket_may_have_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ("x" * 60) / ("y" * 60) / "run"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder.parent)
    asked: list[bytes] = []
    thread = serve(folder, b"12 worker\n" * 20_000, asked)
    assert len(edge_socket.ask(folder, "show proc")) == 200_000
    thread.join(5)
    assert asked == [b"show proc\n"]


def test_an_edge_that_is_not_there_is_an_error_of_the_engine(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="the edge does not answer"):
        edge_socket.ask(tmp_path, "show proc")
    with pytest.raises(EngineError, match="the edge does not answer"):
        edge_socket.ask(tmp_path / "missing", "show proc")


def test_an_edge_that_hangs_is_given_up(tmp_path: Path) -> None:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(tmp_path / "master.sock"))
    server.listen()
    with server, pytest.raises(EngineError, match="timed out"):
        edge_socket.ask(tmp_path, "show proc", 0.1)
