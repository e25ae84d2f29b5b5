"""All users of a service for the time of a `with` block: a load generator outside, callers in the Docker network."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

HERE = Path(__file__).resolve().parent
CALLER = (HERE / "caller.py").read_text()
BASE = "tta-base:bookworm"
RATE = 300  # requests a second


@dataclass
class Inside:
    """Starts callers in a network: `docker` is the command of the engine that has it."""

    docker: Sequence[str]
    network: str
    name: str
    service: str = "web"

    def start(self) -> None:
        """Begin to call."""
        run([*self.docker, "run", "--detach", "--init", "--name", self.name, "--network", self.network,
             BASE, "python3", "-c", CALLER, self.service])  # fmt: skip

    def stop(self) -> tuple[int, int, str]:
        """Call no more; return how many calls there were, how many failed, and the last failure."""
        lines = run([*self.docker, "logs", "--tail", "1", self.name]).split(" ", 2)
        self.remove()
        return int(lines[0]) + int(lines[1]), int(lines[1]), lines[2].strip()

    def remove(self) -> None:
        """Remove the container."""
        run([*self.docker, "rm", "--force", self.name])


class Users:
    """A context manager; `report` holds what they saw once the block has ended."""

    def __init__(self, address: str, port: int, inside: Inside) -> None:
        """Take where the service is published, and where it is called by its name."""
        self.where, self.inside = (address, port), inside
        self.report: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Begin, and return when the load has run for a while."""
        self.inside.start()
        command = [sys.executable, str(HERE / "load.py"), self.where[0], str(self.where[1]), str(RATE)]
        self._load = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        time.sleep(2)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """End after a while; wait for the last answers."""
        if kind is not None:
            self._load.kill()
            self.inside.remove()
            return
        time.sleep(2)
        out, _ = self._load.communicate(b"", timeout=90)
        calls, failed, last = self.inside.stop()
        self.report = {**json.loads(out), "inside": calls, "inside_failed": failed, "inside_last": last}


def run(command: Sequence[str], timeout: float = 180, **more: Any) -> str:
    """Run a command and return its output; what it says when it fails is shown."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False, **more)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)[:300]}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
