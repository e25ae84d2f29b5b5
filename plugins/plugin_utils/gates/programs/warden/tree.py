"""The tree of processes below this one: all that was started, however it hid (own sessions, double forks)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from pathlib import Path

_SET_CHILD_SUBREAPER = 36
_END_SECONDS = 10.0
_SELF = Path("/proc/self")
_statuses: dict[int, int] = {}


def adopt_orphans() -> None:
    """Make this process the parent of every orphan below it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants() -> list[int]:
    """Return all living processes below this one."""
    parents = _parents()
    below: set[int] = {os.getpid()}
    grown = True
    while grown:
        found = {pid for pid, parent in parents.items() if parent in below} - below
        below |= found
        grown = bool(found)
    return sorted(below - {os.getpid()})


def end(command: int) -> None:
    """End all of them: first they are stopped, so that none starts another while the rest is ended.

    Where nobody can say what is below this process (no /proc), the command's own process group ends.
    """
    if not _SELF.is_dir():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(command, signal.SIGKILL)
    until = time.monotonic() + _END_SECONDS
    stopped: set[int] = set()
    while time.monotonic() < until:
        reap()
        below = descendants()
        if not below:
            return
        new = [pid for pid in below if pid not in stopped]
        for pid in new:
            _signal(pid, signal.SIGSTOP)
        stopped.update(new)
        if not new:
            for pid in below:
                _signal(pid, signal.SIGKILL)
            time.sleep(0.002)


def reap() -> dict[int, int]:
    """Return the exit codes (negative: by this signal) of the children that have ended since."""
    ended: dict[int, int] = {}
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            ended[pid] = os.waitstatus_to_exitcode(status)
    _statuses.update(ended)
    return ended


def status_of(pid: int) -> int | None:
    """Return the exit code of a child that was reaped."""
    return _statuses.get(pid)


def _parents() -> dict[int, int]:
    """Return the parent of every living process, as far as the system says it."""
    parents: dict[int, int] = {}
    for name in os.listdir(_SELF.parent) if _SELF.is_dir() else ():  # noqa: PTH208  numbers, not paths
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = (_SELF.parent / name / "stat").read_bytes().rpartition(b")")[2].split()
                if fields[0] not in (b"Z", b"X"):
                    parents[int(name)] = int(fields[1])
    return parents


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
