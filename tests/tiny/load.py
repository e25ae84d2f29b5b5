"""Users of the tiny service while it is changed: whoever gets no proper answer is counted."""

from __future__ import annotations

import http.client
import itertools
import socket
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tiny.host import docker

CALLER = """\
import socket, sys, time
good = bad = 0
until = time.monotonic() + 120
while time.monotonic() < until:
    try:
        with socket.create_connection(("web", 8080), 5) as line:
            line.sendall(b"GET / HTTP/1.1\\r\\nHost: web\\r\\nConnection: close\\r\\n\\r\\n")
            answer = b""
            while True:
                part = line.recv(4096)
                if not part:
                    break
                answer += part
        ok = answer.startswith(b"HTTP/1.1 200") and answer.endswith(b'{"status": "ok"}')
    except OSError as error:
        ok, answer = False, repr(error).encode()
    good, bad = good + ok, bad + (not ok)
    if not ok:
        print("BAD", answer[:80], flush=True)
    print(good, bad, flush=True)
    time.sleep(0.02)
"""


class Load:
    """Keep-alive clients that GET and POST, some slowly, one upgraded connection, one caller in the Docker network."""

    def __init__(self, name: str, port: int, clients: int = 8, inside: bool = True) -> None:
        self.port, self.name = port, name
        self.requests = 0
        self.failures: list[str] = []
        self.releases: Counter[str] = Counter()
        self.echoes = 0
        self._stop = threading.Event()
        self._inside = inside
        self._threads = [threading.Thread(target=self._client, args=(one,)) for one in range(clients)]
        self._threads.append(threading.Thread(target=self._upgraded))

    def __enter__(self) -> Load:
        if self._inside:
            docker(
                "run", "--detach", "--rm", "--init", "--name", f"{self.name}-caller",
                "--label", f"com.docker.compose.project={self.name}",
                "--network", f"{self.name}_default", "tta-base:bookworm", "python3", "-c", CALLER,
            )  # fmt: skip
        for one in self._threads:
            one.start()
        time.sleep(0.5)  # so that there is a before
        return self

    def __exit__(self, *_: Any) -> None:
        time.sleep(0.5)  # and an after
        self._stop.set()
        for one in self._threads:
            one.join(20)
        if self._inside:
            lines = docker("logs", f"{self.name}-caller").splitlines()
            good, bad = (int(part) for part in lines[-1].split())
            self.requests += good + bad
            self.failures += [f"inside: {line}" for line in lines if line.startswith("BAD")]
            self.inside = good + bad
            docker("rm", "--force", f"{self.name}-caller")

    def _client(self, number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        for turn in itertools.count():
            if self._stop.wait(0.01):
                break
            slow, post = number == 0 and turn % 20 == 0, number % 2 == 1
            body = f"{number}-{turn}-" + "x" * 5000 if post else None
            path = "/slow" if slow else "/echo" if post else "/"
            self.requests += 1
            try:
                line.request("POST" if post else "GET", path, body=body)
                answer = line.getresponse()
                text = answer.read().decode()
                release = answer.headers.get("Release", "none")
                self.releases[release] += 1
                if answer.status != 200 or (post and text != body):
                    self.failures.append(f"{path}: {answer.status} of {release} {text[:60]}")
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(f"{path}: {error!r}")
                line.close()
        line.close()

    def _upgraded(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 5) as line:
            line.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
            try:
                assert line.recv(4096).startswith(b"HTTP/1.1 101")
                while not self._stop.wait(0.1):
                    line.sendall(b"ping")
                    if line.recv(4096) != b"ping":
                        self.failures.append("the upgraded connection was cut")
                        return
                    self.echoes += 1
            except OSError as error:
                self.failures.append(f"upgraded: {error!r}")


def waiting(folder: Path) -> list[int]:
    """Return the processes that wait to stop what is kept warm for a state folder."""
    found = []
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                words = (one / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"--when-due" in words and str(folder).encode() in words:
                found.append(int(one.name))
    return found
