"""The tree of processes below this one: all that was started, however it hid (own sessions, double forks)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

_SET_CHILD_SUBREAPER = 36
_END_SECONDS = 10.0
_SELF = Path("/proc/self")
_statuses: dict[int, int] = {}


def adopt_orphans() -> None:
    """Make this process the parent of every orphan below it (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end(command: int) -> None:
    """End all of them: first they are stopped, so that none starts another while the rest is ended.

    Where nobody can say what is below this process (no /proc), the command's own process group ends.
    """
    if not _SELF.is_dir():
        _signal(command, signal.SIGKILL, os.killpg)
    with contextlib.suppress(OSError):  # whoever starts one process after the other is hard to catch
        os.setpriority(os.PRIO_PROCESS, 0, -20)
    until = time.monotonic() + _END_SECONDS
    stopped: set[int] = set()
    while not reap() and time.monotonic() < until:
        below = _descendants()
        new = [pid for pid in below if pid not in stopped]
        for pid in new:
            _signal(pid, signal.SIGSTOP)
        stopped.update(new)
        if not new:
            for pid in below:
                _signal(pid, signal.SIGKILL)
            time.sleep(0.001)
            stopped.clear()


def reap() -> bool:
    """Note how children ended; say whether none is left: whoever lost its parent is a child of this process."""
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return False
            _statuses[pid] = os.waitstatus_to_exitcode(status)
    except ChildProcessError:
        return True


def status_of(pid: int) -> int | None:
    """Return the exit code of a child that was reaped, negative: it ended by this signal."""
    return _statuses.get(pid)


def _descendants() -> list[int]:
    """Return the processes below this one, as far as they hold still while they are counted."""
    below: list[int] = []
    looking = [os.getpid()]
    while looking:
        children = _children(looking.pop())
        below += children
        looking += children
    return below


def _children(pid: int) -> list[int]:
    if not Path("/proc/thread-self/children").exists():  # a kernel that does not list them
        return [one for one in map(int, filter(str.isdigit, _names("/proc"))) if _parent(one) == pid]
    found: list[int] = []
    for thread in _names(f"/proc/{pid}/task"):
        with contextlib.suppress(OSError):  # the thread has ended meanwhile
            found += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_bytes().split())
    return found


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):  # it has ended meanwhile
        return 0


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  names, not paths
    except OSError:  # the process has ended meanwhile, or there is no /proc
        return []


def _signal(pid: int, number: int, send: Callable[[int, int], None] = os.kill) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # gone, or not below this one any more
        send(pid, number)
