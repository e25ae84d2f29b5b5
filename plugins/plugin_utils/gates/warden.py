"""The warden's other side: one small process beside the toolkit, below which all commands run."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

PROGRAMS = Path(__file__).parent / "programs"
_START = "import sys; sys.path.insert(0, sys.argv[1]); from warden.serve import main; main()"


@dataclass
class Pipes:
    """Our ends of a command's pipes: its two streams, what its watcher tells, and what keeps it alive while open."""

    out: int
    err: int
    told: int
    alive: int

    def end(self) -> None:
        """End the command with everything that it started; once is enough."""
        if self.alive >= 0:
            os.close(self.alive)
            self.alive = -1


class Warden:
    """Started when the first command needs it; it ends by itself when this process does."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = Lock()
        self._owner = 0
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def give(self, descriptors: Sequence[int]) -> None:
        """Hand over four descriptors, of which the caller closes its copies; raises `OSError` if nobody takes them."""
        with self._lock:
            try:
                socket.send_fds(self._started(), [b"c"], list(descriptors))
            except OSError:
                self._owner = 0  # that one was ended: another is as good
                socket.send_fds(self._started(), [b"c"], list(descriptors))

    def prepare(self) -> None:
        """Start it, so that the first command need not wait for that."""
        with self._lock:
            self._started()

    def _started(self) -> socket.socket:
        if self._line is None or self._owner != os.getpid():  # a fork must not speak on its parent's line
            ours, its = socket.socketpair()
            with its:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _START, str(PROGRAMS)],
                    stdin=its.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env={"LANG": "C.UTF-8"},
                    start_new_session=True,
                )
            self._line, self._owner = ours, os.getpid()
        return self._line


WARDEN = Warden()


@contextlib.contextmanager
def started_below_the_warden(asked: bytes) -> Iterator[Pipes]:
    """Start what a line of JSON asks for, and yield our ends of its pipes; it ends when they are left."""
    ours: list[int] = []
    its: list[int] = []
    try:
        for ours_reads in (True, True, True, False):
            reads, writes = os.pipe()
            ours.append(reads if ours_reads else writes)
            its.append(writes if ours_reads else reads)
        WARDEN.give(its)
    except OSError:
        for descriptor in (*ours, *its):
            os.close(descriptor)
        raise
    for descriptor in its:
        os.close(descriptor)
    pipes = Pipes(*ours)
    try:
        with contextlib.suppress(BrokenPipeError):  # its watcher has ended already: what it told says so
            _write(pipes.alive, asked)
        yield pipes
    finally:
        pipes.end()
        for descriptor in (pipes.out, pipes.err, pipes.told):
            os.close(descriptor)


def end_marked(mark: str) -> None:
    """End every process that has this in its environment: the last resort when its watcher is gone (Linux)."""
    wanted = mark.encode()
    for process in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):  # it has ended, or belongs to somebody else
            if wanted in process.read_bytes().split(b"\0"):
                os.kill(int(process.parent.name), signal.SIGKILL)


def _write(descriptor: int, text: bytes) -> None:
    left = memoryview(text)
    while left:
        left = left[os.write(descriptor, left) :]
