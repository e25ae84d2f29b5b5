"""A container that commands are run in, and files go in and out of."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable, Dict, List, Sequence

from ..engine import Engine
from ..errors import EngineError, HostError
from .streams import DAY, Stored, Streams

READY = 600.0  # seconds until an empty server is there, on a machine with much else to do


class Box:
    """One container of ``service``."""

    def __init__(self, engine: Engine, streams: Streams, container: str, service: str) -> None:
        """Take the container's id."""
        self.engine, self.streams, self.container, self.service = engine, streams, container, service

    def ask(self, *argv: str, deadline: float = DAY) -> str:
        """Run a command inside and return its output; raises ``EngineError`` when it fails."""
        return self.engine.ask("exec", self.container, *argv, deadline=deadline)

    def answers(self, *argv: str) -> bool:
        """Say whether a command succeeds inside."""
        try:
            self.ask(*argv, deadline=30.0)
        except EngineError:
            return False
        return True

    def save(self, argv: Sequence[str], path: Path, what: str) -> Stored:
        """Write the output of a command inside into the file ``path`` of the host."""
        return self.streams.out(["docker", "exec", self.container, *argv], path, what)

    def give(self, argv: Sequence[str], path: Path, what: str) -> None:
        """Give the file ``path`` of the host to a command inside."""
        self.streams.feed(["docker", "exec", "--interactive", self.container, *argv], path, what)

    def copy_out(self, inside: str, path: Path) -> Stored:
        """Write what is in the folder ``inside`` as a tar into ``path``; the container need not run."""
        return self.streams.out(["docker", "cp", f"{self.container}:{inside}", "-"], path, f"the copy of {inside}")

    def copy_in(self, path: Path, inside: str) -> None:
        """Lay out a tar in the folder ``inside``, owners and modes as they are in it; the container need not run."""
        self.streams.feed(["docker", "cp", "-", f"{self.container}:{inside}"], path, f"the copy to {inside}")

    def wait(self, ready: Callable[[], bool], what: str, seconds: float = READY) -> None:
        """Wait until ``ready``; raises ``HostError`` after ``seconds``, or when the container has ended."""
        until = time.monotonic() + seconds
        while not ready():
            if not self.runs():
                raise HostError(f"{what} ended before it was ready: {self.words()}")
            if time.monotonic() > until:
                raise HostError(f"{what} was not ready within {seconds:g} s: {self.words()}")
            time.sleep(0.1)

    def runs(self) -> bool:
        """Say whether the container runs."""
        return self.engine.ask("inspect", "--format", "{{.State.Running}}", self.container).strip() == "true"

    def words(self) -> str:
        """Return the last words of its log."""
        return " ".join(self.engine.logs(self.container, 3).split())[-300:] or "its log is empty"

    def environment(self) -> Dict[str, str]:
        """Return the variables that the container was made with."""
        lines: List[str] = self.engine.containers(f"id={self.container}")[0]["Config"].get("Env") or []
        return dict(line.partition("=")[::2] for line in lines)
