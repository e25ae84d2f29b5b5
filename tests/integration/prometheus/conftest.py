"""Servers of the tests: Prometheus, the blackbox exporter, and a service that can be stopped, paused and cut off."""

from __future__ import annotations

import http.server
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def until(url: str, pattern: str, seconds: float = 30) -> None:
    """Wait until an address answers with a match of a pattern."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own server
                if re.search(pattern, answer.read().decode()):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} never answered with {pattern}")


class Programs:
    """Starts programs on ports of their own, and ends them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.free_port = free_port
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def blackbox(self, port: int, configuration: Path) -> None:
        own = ("--config.file", str(configuration), f"--web.listen-address=127.0.0.1:{port}")
        self._start("blackbox_exporter", *own)
        until(f"http://127.0.0.1:{port}/-/healthy", "Healthy")

    def prometheus(self, configuration: Path, data: Path, port: int = 0) -> str:
        port = port or free_port()
        typed = (f"--config.file={configuration}", f"--storage.tsdb.path={data}", "--storage.tsdb.retention.time=10y")
        self._start("prometheus", *typed, f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn")
        until(f"http://127.0.0.1:{port}/-/ready", "Ready")
        return f"http://127.0.0.1:{port}"

    def end(self, name: str) -> None:
        process = self._running.pop(name)
        process.terminate()
        process.wait(20)

    def _start(self, name: str, *arguments: str) -> None:
        program = shutil.which(name)
        if not program:
            pytest.fail(f"{name} is not installed: scripts/prepare")
        with (self.folder / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen([program, *arguments], stdout=log, stderr=log, cwd=self.folder)

    def end_all(self) -> None:
        for name in list(self._running):
            self.end(name)


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    own = Programs(tmp_path)
    yield own
    own.end_all()


class Service:
    """Answers /health; `status` is what it says of itself; it can hang, and be gone."""

    def __init__(self) -> None:
        self.port, self.status, self.hangs = free_port(), "ok", threading.Event()
        self._server: http.server.ThreadingHTTPServer | None = None

    def start(self) -> None:
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if service.hangs.is_set():
                    time.sleep(7)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(f'{{"status": "{service.status}"}}'.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


@pytest.fixture
def service() -> Iterator[Service]:
    own = Service()
    own.start()
    yield own
    own.stop()
