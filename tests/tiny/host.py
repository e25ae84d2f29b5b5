"""The host program as a real program, on a real engine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tiny.monorepo import Monorepo

DEPLOY = "prepare,verify,switch,drain"


class Host:
    """Runs `tta-ops` against one state folder."""

    def __init__(self, program: Path, monorepo: Monorepo) -> None:
        self.program, self.monorepo, self.state = program, monorepo, monorepo.state
        self.output = ""
        self.results: list[dict[str, Any]] = []

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.program), "--json", "--state", str(self.state), *arguments]

    def __call__(self, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> dict[str, Any]:
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=180,
            env={**os.environ, **(env or {})},
        )
        self.output += done.stdout.decode() + done.stderr.decode()
        assert "Traceback" not in self.output, self.output
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        found = {**lines[-1]["result"], "code": done.returncode}
        if "message" in found:
            self.results.append(found)
        return found

    def deploy(self, **how: Any) -> dict[str, Any]:
        return self(DEPLOY, stdin=self.monorepo.bundle(**how))

    def start(self, stdin: bytes) -> subprocess.Popen[bytes]:
        """Start a deploy and do not wait for it."""
        process = subprocess.Popen(
            self.command(DEPLOY), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert process.stdin
        process.stdin.write(stdin)
        process.stdin.close()
        return process

    def wait_for(self, step: str) -> None:
        """Wait until the deploy of release 2 has written `step` into its journal."""
        journal = self.state / "staging/components/web/journal.jsonl"
        until = time.monotonic() + 60
        while time.monotonic() < until:
            text = journal.read_text()
            if '"number":2' in text and f'"step":"{step}"' in text:
                return
            time.sleep(0.02)
        raise AssertionError(f"no step {step} within a minute: {text}")

    def answer(self) -> str:
        """Return what the service answers, or nothing."""
        done = subprocess.run(
            ["curl", "-s", "-m", "5", f"http://127.0.0.1:{self.monorepo.port}/"], capture_output=True, text=True
        )
        return done.stdout

    def head(self) -> str:
        """Return what the service answers, with its headers, or nothing."""
        done = subprocess.run(
            ["curl", "-s", "-i", "-m", "5", f"http://127.0.0.1:{self.monorepo.port}/"], capture_output=True, text=True
        )
        return done.stdout

    def release(self) -> str:
        """Return which release answers, by the words of its commit."""
        found = [line.partition(": ")[2] for line in self.head().splitlines() if line.lower().startswith("release: ")]
        return found[0].strip() if found else ""

    def containers(self) -> list[str]:
        """Return id and start time of every container of the component that runs stop-first."""
        return self._containers(f"{self.monorepo.name}-web")

    def colour(self, name: str) -> list[str]:
        """Return the same of a colour, or of the edge."""
        return self._containers(f"{self.monorepo.name}-web-{name}")

    def _containers(self, project: str) -> list[str]:
        ids = docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={project}").split()
        return sorted(docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", *ids).splitlines()) if ids else []

    def tree(self) -> dict[str, bytes | str]:
        """Return every file of the state folder with its content, and every link with its target."""
        return {
            str(path.relative_to(self.state)): str(path.readlink()) if path.is_symlink() else path.read_bytes()
            for path in sorted(self.state.rglob("*"))
            if path.is_symlink() or path.is_file()
        }

    def events(self) -> list[tuple[str, int]]:
        """Return the ledger's events with their releases."""
        return [(entry["event"], entry["release"]) for entry in self.ledger()]

    def ledger(self) -> list[dict[str, Any]]:
        """Return the ledger's entries."""
        path = self.state / "staging" / "ledger.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def current(self) -> str:
        link = self.state / "staging" / "components" / "web" / "current"
        return str(link.readlink()) if link.is_symlink() else ""


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(10)
