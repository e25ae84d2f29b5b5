"""The resident scheduler for hosts that have neither systemd nor cron: one process, one for each state folder.

It forks for each job, so that a tick costs no start of Python. It ends when there are no jobs any more, and starts
itself anew when another version of the program was installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import time
from pathlib import Path
from typing import Callable, Dict, Optional, Tuple

from .. import files
from ..errors import HostError
from . import jobs, running

_NAP_S = 2.0
_HANDED_OVER = "TTA_OPS_LOOP_LOCK"
Mark = Tuple[int, int, int]


def lock_path(root: Path) -> Path:
    """Return the file that a running loop holds."""
    return root / "jobs" / "loop.lock"


def run(root: Path, clock: Callable[[], float] = time.time, nap: Callable[[float], None] = time.sleep) -> str:
    """Start what is due until there are no jobs any more; return the sentence that says why it ended."""
    handle = _take(root)
    if handle is None:
        return "the loop runs already"
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    program, began = Path(sys.argv[0]), _mark(Path(sys.argv[0]))
    last: Dict[str, float] = {}
    try:
        while True:
            _reap()
            if not root.is_dir() or not _start_due(root, last, clock(), handle):
                return "no jobs are left"
            nap(_NAP_S)
            now = _mark(program)
            if now is not None and now != began:
                _hand_over(handle)
                os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 -- itself
    finally:
        os.close(handle)


def once(root: Path, clock: Callable[[], float] = time.time) -> str:
    """Start what is due, each in a process of its own, and return; for cron."""
    moment = clock()
    begun = [job.name for job in jobs.read(root).values() if job.due(_began(root, job), moment)]
    for name in begun:
        _fork(root, name)
    return f"started {', '.join(begun)}" if begun else "nothing is due"


def _start_due(root: Path, last: Dict[str, float], moment: float, handle: int) -> bool:
    """Start what is due; say whether there are jobs at all. A file that cannot be read now is read again later."""
    try:
        known = jobs.read(root)
    except HostError as error:
        print(error, file=sys.stderr, flush=True)
        return True
    for job in known.values():
        if job.due(last.get(job.name, _began(root, job)), moment):
            last[job.name] = moment
            _fork(root, job.name, handle)
    return bool(known)


def _began(root: Path, job: jobs.Job) -> Optional[float]:
    """Return when a job last began, by what it wrote down; a daily one that never did waits for its time of day."""
    for path in [running.record(root, job.name), *([jobs.path(root)] if job.at else [])]:
        with contextlib.suppress(FileNotFoundError):  # it never ran
            return path.stat().st_mtime
    return None


def _fork(root: Path, name: str, handle: Optional[int] = None) -> None:
    """Run a job in a child of its own session, which outlives this process, and its lock `handle`."""
    if os.fork():
        return
    code = 1
    try:
        os.setsid()
        if handle is not None:
            os.close(handle)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        code = int(bool(running.run(root, jobs.named(root, name))["failed"]))
    except HostError as error:
        print(error, file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _reap() -> None:
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def _hand_over(handle: int) -> None:
    """Let the next version of this program have the lock without letting go of it."""
    os.set_inheritable(handle, True)
    os.environ[_HANDED_OVER] = str(handle)


def _take(root: Path) -> Optional[int]:
    """Return the held lock, None when another loop holds it."""
    files.make_folder(root / "jobs")
    given = os.environ.pop(_HANDED_OVER, "")
    with files.explained(lock_path(root)):
        handle = int(given) if given else os.open(lock_path(root), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
        os.set_inheritable(handle, False)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _mark(program: Path) -> Optional[Mark]:
    try:
        found = program.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
