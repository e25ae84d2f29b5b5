"""A component `store` with data: services by name, deployed by the host program as any other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils import bundle
from tiny.host import DEPLOY, docker

from backed.images import image

KEY = "0123456789abcdef-of-the-tests"
PASSWORD = "canary-4711-word"
KINDS: dict[str, dict[str, Any]] = {
    "db": {"kind": "postgres"},
    "cache": {"kind": "redis"},
    "files": {"kind": "volume", "paths": ["/files"]},
}
_SERVICES = {
    "db": """\
  db:
    image: {postgres}
    environment: {{POSTGRES_DB: shop, POSTGRES_USER: shop, POSTGRES_PASSWORD: "${{PASSWORD:?}}"}}
    volumes: [db:/var/lib/postgresql/data]
    healthcheck: {{test: [CMD, psql, -c, select 1, -d, shop], interval: 300ms, timeout: 5s, retries: 600}}
    stop_grace_period: 20s
""",
    "cache": """\
  cache:
    image: {redis}
    environment: {{REDIS_PASSWORD: "${{PASSWORD:?}}"}}
    entrypoint: [bash, -c, 'cd / && sed "s/^appendonly .*/appendonly {aof}/" /etc/redis/tta.conf > /run/redis/own.conf;
      echo "requirepass $$REDIS_PASSWORD" >> /run/redis/own.conf; exec redis-server /run/redis/own.conf']
    volumes: [cache:/var/lib/redis]
    healthcheck: {{test: [CMD-SHELL, 'REDISCLI_AUTH="$$REDIS_PASSWORD" redis-cli ping | grep -q PONG'],
      interval: 300ms, timeout: 5s, retries: 600}}
""",
    "files": """\
  files:
    image: tta-base:bookworm
    command: sleep infinity
    init: true
    volumes: [files:/files]
    stop_grace_period: 1s
    healthcheck: {{test: [CMD, "true"], interval: 300ms}}
""",
}


class Store:
    """The component, its monorepo, its host."""

    def __init__(self, program: Path, folder: Path, name: str, services: tuple[str, ...], aof: str = "yes") -> None:
        self.program, self.name, self.services = program, name, services
        self.monorepo, self.state = folder / "monorepo", folder / "state"
        self.entry: dict[str, Any] = {
            "name": "store", "paths": ["src"], "context": [], "services": list(services), "kind": "stateful",
            "strategy": "stop-first", "depends": [], "maturity": "src/MATURITY.md", "rollback": "docs/R.md",
            "health": {"container": True},
        }  # fmt: skip
        self.runs, self.output = 0, ""
        self.results: list[dict[str, Any]] = []
        images = {kind: image(kind) for kind, one in (("postgres", "db"), ("redis", "cache")) if one in services}
        texts = [_SERVICES[one].format(**{"postgres": "", "redis": "", **images}, aof=aof) for one in services]
        volumes = "".join(f"  {one}: {{}}\n" for one in services)
        self.write("compose.yml", f"name: {name}\nservices:\n{''.join(texts)}volumes:\n{volumes}")
        self.write(".env.staging.example", "PASSWORD=\n")
        self._git("init", "--quiet")
        self.commit("1")

    def write(self, path: str, text: str) -> None:
        """Write a file of the checkout."""
        place = self.monorepo / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def commit(self, word: str) -> None:
        """Commit what is there; `word` tells two commits apart."""
        self.write("src/word", word)
        self._git("add", "--all")
        self._git("-c", "user.name=J", "-c", "user.email=j@example.org", "commit", "--quiet", "--message", word)

    def deploy(self) -> dict[str, Any]:
        """Deploy the last commit."""
        artifact = {
            "schema": 1, "component": "store", "commit": self._git("rev-parse", "HEAD"),
            "tree": self._git("rev-parse", "HEAD:src"), "images": {}, "built": None,
        }  # fmt: skip
        self.runs += 1
        environment = {"compose_file": "compose.yml", "env_example": ".env.staging.example", "state": str(self.state)}
        operation = {
            "run": f"run-{self.runs}", "actor": "Jane", "reason": "a test", "target": "staging", "component": "store",
            "monorepo": str(self.monorepo), "components": {"store": self.entry}, "artifact": artifact,
            "environments": {"staging": environment},
        }  # fmt: skip
        request = {
            "component": "store", "artifact": artifact, "environment": "staging",
            "environment_file": f"PASSWORD='{PASSWORD}'\n", "only_if_stopped": False,
        }  # fmt: skip
        health = {"consecutive": 2, "deadline": 180, "interval": 0.2}
        return self(DEPLOY, stdin=bundle.assemble(bundle.git_bytes(str(self.monorepo)), operation, request, health))

    def configure(self, key: str = KEY, **settings: Any) -> dict[str, Any]:
        """Set the backups up."""
        kinds = {one: KINDS[one] for one in self.services}
        request = {"settings": {"components": {"store": kinds}, **settings}, "key": key}
        return self("configure-backups", "--environment", "staging", stdin=json.dumps(request).encode())

    def backup(self, *how: str) -> dict[str, Any]:
        """Take a restore point; return the answer with `point` in it."""
        found = self("backup", "store", *how)
        return {**found, **found.get("components", {}).get("store", {}), "code": found["code"]}

    def point(self, *how: str) -> dict[str, Any]:
        """Take a restore point and return its record."""
        found = self.backup(*how)
        assert found["code"] == 0, found
        record: dict[str, Any] = found["point"]
        return record

    def points(self) -> list[dict[str, Any]]:
        """Return the records."""
        found: list[dict[str, Any]] = self("points", "store")["components"]["store"]["points"]
        return found

    def points_if_any(self) -> list[dict[str, Any]]:
        """Return the records; nothing was backed up yet: none."""
        return self.points() if self.state.joinpath("staging/backups/store").exists() else []

    def restore(self, *how: str) -> dict[str, Any]:
        """Restore; what is lost is accepted."""
        found = self("restore", "store", "--accept-loss", "30m", *how)
        return {**found, **found.get("components", {}).get("store", {}), "code": found["code"]}

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of the host program."""
        return [sys.executable, str(self.program), "--json", "--state", str(self.state), *arguments]

    def __call__(
        self, *arguments: str, stdin: bytes = b"", prefix: tuple[str, ...] = (), limit: int = 0
    ) -> dict[str, Any]:
        """Run the host program; return its result with its exit code. `limit`: no file may grow beyond these bytes."""
        command = [sys.executable, *prefix, str(self.program), *self.command()[2:], *arguments]
        command = [*(["prlimit", f"--fsize={limit}"] if limit else []), *command]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=300)
        self.output += done.stdout.decode() + done.stderr.decode()
        assert "Traceback" not in self.output, self.output[-3000:]
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        ended = lines[-1].get("result") if lines else None
        found = {**(ended or {"outcome": "killed", "message": ""}), "code": done.returncode}
        self.results.append({"outcome": "done" if not done.returncode else "failed", **found})
        return found

    def container(self, service: str) -> str:
        """Return the id of a service's container."""
        chosen = [f"label=com.docker.compose.project={self.name}-store", f"label=com.docker.compose.service={service}"]
        return docker("ps", "--all", "--quiet", *(part for one in chosen for part in ("--filter", one))).strip()

    def run(self, service: str, *argv: str) -> str:
        """Run a command in a service's container."""
        return docker("exec", self.container(service), *argv)

    def sql(self, text: str, database: str = "shop") -> str:
        """Return what PostgreSQL answers."""
        return self.run("db", "psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text).strip()

    def redis(self, *words: str) -> str:
        """Return what Redis answers."""
        return self.run("cache", "env", f"REDISCLI_AUTH={PASSWORD}", "redis-cli", "--raw", *words).strip()

    def remove(self) -> None:
        """Remove all that was started."""
        for kind, listing, force in (("rm", ["ps", "--all"], True), ("volume rm", ["volume", "ls"], True),
                                     ("network rm", ["network", "ls"], False)):  # fmt: skip
            for project in (self.name, *(f"{self.name}-store{own}" for own in ("", "-verify", "-restore", "-kept"))):
                ids = docker(*listing, "--quiet", "--filter", f"label=com.docker.compose.project={project}").split()
                if ids:
                    docker(*kind.split(), *(["--force"] if force else []), *ids)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", self.monorepo, *arguments], check=True, capture_output=True, text=True)
        return done.stdout.strip()
