"""A component that runs, and a recorder with a clock of its own that looks at it through the real engine."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import engine_socket
from ansible_collections.tta.ops.plugins.module_utils.host.engine import Engine
from ansible_collections.tta.ops.plugins.module_utils.host.processes import Processes
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import acts, observed, tick
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.clocks import Clock
from ansible_collections.tta.ops.plugins.module_utils.host.state import State

from tiny.fixtures import made
from tiny.host import Host, docker


class Watched:
    """`web`, deployed and observed; `minute` is the clock's minute since it was deployed."""

    def __init__(self, host: Host) -> None:
        self.host, self.state = host, State(host.state)
        assert host.deploy()["outcome"] == "deployed"
        self.line = engine_socket.usual(os.environ)
        self.engine = Engine(Processes(), self.line)
        # the slot after the one in which it was deployed is the first that counts
        self.begin = (int(time.time()) // 60 + 1) * 60
        who = {"component": "web", "environment": "staging", "actor": "Jane", "reason": "", "run": "r"}
        record = {**who, "schema": 1, "started": "2020-01-01T00:00:00Z", "stopped": None}
        observed.write(self.state, {**record, "expect": "status == 'ok'", "settings": {}})
        self.minute = 0

    def sample(self, minutes: int = 1) -> list[str]:
        """Look once a minute of the injected clock; return what was told."""
        told = []
        for _ in range(minutes):
            now = self.begin + self.minute * 60.0
            clock = Clock(lambda now=now: now, lambda now=now: now, lambda: "boot")  # type: ignore[misc]
            result = tick.tick(self.state, self.engine, self.line, clock, hooks=())
            assert not result["failed"], result
            told.append(result["message"])
            self.minute += 1
        return told

    def off(self, minutes: int) -> None:
        """Do not look."""
        self.minute += minutes

    def report(self) -> dict[str, Any]:
        """Return the report as of the clock's present minute."""
        record = observed.required(self.state, "staging", "web")
        return acts.told(self.state, record, self.begin + self.minute * 60.0)

    @property
    def container(self) -> str:
        listed = docker(
            "ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={self.host.monorepo.name}-web"
        )
        return listed.split()[0]

    def processes(self) -> list[int]:
        """Return the container's processes, as the host numbers them."""
        return [int(line) for line in docker("top", self.container, "-o", "pid").split()[1:]]

    def healthy(self) -> None:
        """Wait until its own health check says that it is healthy."""
        until = time.monotonic() + 60
        while docker("inspect", "--format", "{{.State.Health.Status}}", self.container).strip() != "healthy":
            assert time.monotonic() < until, "it does not become healthy"
            time.sleep(0.1)

    def loop(self) -> int | None:
        """Return the process of the host's own loop, if it runs."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().decode().split("\0")
                if str(self.host.state) in words and "loop" in words:
                    return int(path.parent.name)
        return None


@pytest.fixture
def watched(program: Path, tmp_path: Path) -> Iterator[Watched]:
    with made(program, tmp_path) as host:
        yield Watched(host)
        with contextlib.suppress(FileNotFoundError):
            (host.state / "jobs.json").unlink()
