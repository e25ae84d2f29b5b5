"""The peer that scales to two behind HAProxy, drains the old container in HAProxy, and only then stops it."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

from compose_up import ComposeUp
from plain import service
from users import run

EDGE = "tta-ops-edge:1"  # Debian's HAProxy in an image, which the host program has built before
CONFIG = """\
global
  maxconn 4096
  stats socket /run/bench/haproxy.sock mode 666 level admin
defaults
  mode http
  timeout connect 250ms
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  retries 3
  option redispatch 1
resolvers docker
  nameserver dns 127.0.0.11:53
  timeout resolve 300ms
  timeout retry 500ms
  hold valid 300ms
  hold obsolete 1s
frontend outside
  bind :80
  option idle-close-on-response
  http-request disable-l7-retry unless { method GET HEAD OPTIONS }
  default_backend web
backend web
  option http-server-close
  retry-on conn-failure empty-response
  option httpchk GET /
  server-template web 4 web:8080 check inter 300ms fall 2 rise 1 resolvers docker init-addr none
"""


class ScaleToTwo(ComposeUp):
    """The same project with HAProxy before it, which holds the port."""

    title = "scale to two, HAProxy drain"

    def __init__(self, folder: Path, name: str) -> None:
        """Take a folder of its own and a name that nobody else on the engine has."""
        super().__init__(folder, name)
        self.run = folder / "run"
        self.run.mkdir()
        self.run.chmod(0o777)
        (folder / "haproxy.cfg").write_text(CONFIG)

    def to(self, release: int) -> None:
        """Start a second container beside the first, drain the first, stop and remove it."""
        proxy = {
            "image": EDGE,
            "pull_policy": "never",
            "init": True,
            "command": ["haproxy", "-W", "-db", "-f", "/bench/haproxy.cfg"],
            "ports": [f"127.0.0.1:{self.port}:80"],
            "volumes": [f"{self.file.parent}/haproxy.cfg:/bench/haproxy.cfg:ro", f"{self.run}:/run/bench"],
        }
        services = {"web": service(self.images[release], drain=1), "proxy": proxy}
        self.file.write_text(json.dumps({"name": self.name, "services": services}))
        old = run([*self.compose, "ps", "--quiet", "web"]).split()
        scale = ["--scale", f"web={len(old) + 1}", "--no-recreate"]
        run([*self.compose, "up", "-d", "--wait", *scale])
        self._until(lambda: self._up() >= len(old) + 1)
        for one in old:
            self._drain(one)
            run(["docker", "stop", "--time", "15", one])
            run(["docker", "rm", one])

    def _drain(self, container: str) -> None:
        address = run(
            ["docker", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container]
        )
        rows = [line.split() for line in self._ask("show servers state").splitlines() if " web " in line]
        name = next(row[3] for row in rows if row[4] == address)
        self._ask(f"set server web/{name} state drain")
        self._until(lambda: self._sessions(name) == 0, 10)
        self._ask(f"set server web/{name} state ready")  # for whoever gets its place

    def _stat(self) -> list[list[str]]:
        return [line.split(",") for line in self._ask("show stat").splitlines() if line.startswith("web,web")]

    def _up(self) -> int:
        return sum(row[17].startswith("UP") for row in self._stat())

    def _sessions(self, name: str) -> int:
        return sum(int(row[4]) for row in self._stat() if row[1] == name)

    def _ask(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(5)
            line.connect(str(self.run / "haproxy.sock"))
            line.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    @staticmethod
    def _until(good: object, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while not good() and time.monotonic() < until:  # type: ignore[operator]
            time.sleep(0.05)
