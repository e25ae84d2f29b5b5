"""A tiny monorepo with one component, made for a test: a web server whose behaviour is a file in its image."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils import bundle

SERVER = """\
import os, socket, sys, threading, time  # all that a minimal Python has

BEHAVIOUR = open("/behaviour").read().split()
if "crash" in BEHAVIOUR:
    print("cannot go on with", os.environ["PASSWORD"], flush=True)
    sys.exit(3)
if "noisy" in BEHAVIOUR:
    print("ERROR: something is wrong with", os.environ["PASSWORD"], file=sys.stderr, flush=True)
server = socket.create_server(("", 8080), reuse_port=True, backlog=512)
status = "500 Bad" if "unhealthy" in BEHAVIOUR else "200 OK"
boot = time.monotonic()


def answers(client):
    # One request after the other; /slow takes a second; an upgraded connection gives back what it gets.
    data = b""
    while True:
        while b"\\r\\n\\r\\n" not in data:
            part = client.recv(65536)
            if not part:
                return
            data += part
        head, _, data = data.partition(b"\\r\\n\\r\\n")
        first, *lines = head.decode().split("\\r\\n")
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(data) < length:
            data += client.recv(65536)
        body, data = data[:length], data[length:]
        if "upgrade" in headers:
            client.sendall(b"HTTP/1.1 101 Switching\\r\\nConnection: Upgrade\\r\\nUpgrade: echo\\r\\n\\r\\n")
            while True:
                part = client.recv(65536)
                if not part:
                    return
                client.sendall(part)
        if "/slow" in first:
            time.sleep(1)
        if "hangs" in BEHAVIOUR:
            time.sleep(60)
        broken = "dies" in BEHAVIOUR and time.monotonic() - boot > 3
        broken = broken or ("flaps" in BEHAVIOUR and int(time.monotonic() * 2) % 2 == 1)
        text = '{"status": "ok"}' if first.split()[1] == "/" or not body else body.decode()
        own = "500 Bad" if broken else status
        close = headers.get("connection") == "close" or first.endswith("1.0")
        client.sendall(
            f"HTTP/1.1 {own}\\r\\nContent-Length: {len(text)}\\r\\nRelease: {'-'.join(BEHAVIOUR)}\\r\\n"
            f"Connection: {'close' if close else 'keep-alive'}\\r\\n\\r\\n{text}".encode()
        )
        if close:
            return


def serve(client):
    try:
        answers(client)
    except OSError:
        pass
    client.close()


while True:
    connection, _ = server.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
"""
DOCKERFILE = """\
FROM tta-base:bookworm
COPY src/web.py /web.py
COPY docker/behaviour /behaviour
CMD ["python3", "/web.py"]
"""
COMPOSE = """\
name: {name}
services:
  web:
    build: {{context: ., dockerfile: docker/Dockerfile}}
    environment: {{PASSWORD: "${{PASSWORD:?}}"}}
    env_file: [.env.staging]
    ports: ["127.0.0.1:{port}:8080"]
    volumes: ["./conf/web.conf:/etc/web.conf:ro", "data:/data"]
    depends_on: [other]
    init: true
    restart: "{restart}"
    stop_grace_period: 1s
    healthcheck: {{test: [CMD, python3, -c, "open('/web.py')"], interval: 300ms, timeout: 5s, retries: 20}}
  other:
    image: tta-base:bookworm
    command: sleep infinity
    healthcheck: {{test: [CMD, "true"]}}
volumes:
  data: {{}}
"""
SECRET = "canary-4711-pa$s"


class Monorepo:
    """The checkout, and what the toolkit would know about it."""

    def __init__(self, folder: Path, name: str, port: int, state: Path) -> None:
        self.folder, self.name, self.port, self.state = folder, name, port, state
        self.entry: dict[str, Any] = {
            "name": "web",
            "paths": ["src/web.py"],
            "context": ["docker"],
            "services": ["web"],
            "kind": "stateless",
            "strategy": "stop-first",
            "depends": [],
            "maturity": "src/MATURITY.md",
            "rollback": "docs/web_ROLLBACK.md",
            "health": {"service": "web", "port": 8080, "http": "/health", "expect": "status == 'ok'"},
        }
        self.runs = 0
        self.trees: set[str] = set()
        self.environment = "staging"
        self.health = {"consecutive": 2, "deadline": 15, "interval": 0.2}
        self._write("src/web.py", SERVER)
        self._write("src/MATURITY.md", "- Current Stage: Development\n")
        self._write("docker/Dockerfile", DOCKERFILE)
        self._write("docker/name", name)  # no two monorepos have a tree in common, and thus no image
        self._write("docker/salt", name)  # so that no other run of the tests has images of the same name
        self._write("conf/web.conf", "answer = 42\n")
        self._write(".env.staging.example", "PASSWORD=\n")
        self._write("compose.yml", COMPOSE.format(name=name, port=port, restart="no"))
        self._git("init", "--quiet")
        self.commit("fine")

    def in_colours(self, **how: Any) -> None:
        """Have the next release deployed blue-green; `how` are its settings."""
        self.entry["strategy"] = "blue-green"
        self.entry["blue_green"] = {"base": "tta-base:bookworm", "warm": 0, "drain": 5, "shares": ["data"], **how}

    def commit(self, behaviour: str) -> None:
        """Commit a server: fine, unhealthy, crash, noisy, dies, flaps or hangs; further words tell two apart."""
        self._write("docker/behaviour", behaviour)
        self._git("add", "--all")
        identity = ["-c", "user.name=Jane", "-c", "user.email=jane@example.org"]
        self._git(*identity, "commit", "--quiet", "--allow-empty", "-m", behaviour)

    def artifact(self) -> dict[str, Any]:
        """Return the artifact of the last commit; the real tree hash is not needed here, git's own serves."""
        tree = self._git("rev-parse", "HEAD:docker")
        self.trees.add(tree)
        return {
            "schema": 1,
            "component": "web",
            "commit": self._git("rev-parse", "HEAD"),
            "tree": tree,
            "images": {},
            "built": None,
        }

    def bundle(self, *, password: str = SECRET, only_if_stopped: bool = False) -> bytes:
        """Return what a deploy of the last commit would send."""
        self.runs += 1
        request = {
            "component": "web",
            "artifact": self.artifact(),
            "environment": self.environment,
            "environment_file": f"PASSWORD='{password}'\n",
            "only_if_stopped": only_if_stopped,
        }
        return bundle.assemble(bundle.git_bytes(str(self.folder)), self.operation(), request, self.health)

    def operation(self) -> dict[str, Any]:
        """Return the operation as the preflight would set it."""
        environment = {"compose_file": "compose.yml", "env_example": ".env.staging.example", "state": str(self.state)}
        return {
            "run": f"run-{self.runs}",
            "actor": "Jane <jane@example.org>",
            "reason": "a test",
            "target": self.environment,
            "component": "web",
            "monorepo": str(self.folder),
            "components": {"web": self.entry},
            "artifact": self.artifact(),
            "environments": {self.environment: environment},
        }

    def write(self, path: str, text: str) -> None:
        """Write a file of the checkout."""
        self._write(path, text)

    def _write(self, path: str, text: str) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", self.folder, *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()
