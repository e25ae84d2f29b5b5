"""One operator at a time per component: ``flock``, with who, why, since and phase for those who find it taken."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any, Dict, Iterator, Optional

from . import files
from .errors import LockedError

_GLANCE_SECONDS = 0.5  # whoever only looks whether it is held (`is_held`) keeps it for less


class Lock:
    """The held lock of one component; a context manager.

    Child processes inherit the lock, so that a Compose command that outlives a killed act keeps others out until
    it is done. ``patience`` is how many seconds to wait for such left-over children of an act that is gone, and for a
    holder who says that it is ``brief``.
    """

    def __init__(self, path: Path, holder: Dict[str, Any], patience: float = 60.0) -> None:
        """Take the lock file, and what to tell those who find it taken."""
        self.path = path
        self._holder = dict(holder, pid=os.getpid())
        self._patience = patience
        self._handle: Optional[int] = None

    @property
    def handle(self) -> int:
        """The open file, to be inherited by child processes."""
        if self._handle is None:
            raise RuntimeError("the lock is not held")
        return self._handle

    def __enter__(self) -> Lock:
        """Take the lock, or raise ``LockedError``."""
        with files.explained(self.path):
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
        try:
            self._take(handle)
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        self.phase("start")
        return self

    def __exit__(self, *_: object) -> None:
        """Give the lock back."""
        # Emptied, not removed: a removed lock file could be held by one and created anew by another.
        os.ftruncate(self.handle, 0)
        os.close(self.handle)
        self._handle = None

    def phase(self, phase: str) -> None:
        """Tell those who wait what the act is doing."""
        self._holder["phase"] = phase
        data = json.dumps(self._holder).encode()
        with files.explained(self.path):
            os.pwrite(self.handle, data, 0)
            os.ftruncate(self.handle, len(data))

    def _take(self, handle: int) -> None:
        begun = time.monotonic()
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                holder, waited = read_holder(self.path), time.monotonic() - begun
                stays = waited > _GLANCE_SECONDS and _alive(holder.get("pid")) and not holder.get("brief")
                if stays or waited > self._patience:
                    raise LockedError(describe(holder), holder) from None
            time.sleep(0.05)


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Hold a plain lock file and yield true; false, without waiting, where another process holds it."""
    with files.explained(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def read_holder(path: Path) -> Dict[str, Any]:
    """Return what the holder wrote, or nothing when it has not written yet."""
    try:
        value = json.loads(path.read_bytes() or b"{}")
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def is_held(path: Path) -> bool:
    """Say whether somebody holds the lock now, without taking it from anybody."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def describe(holder: Dict[str, Any]) -> str:
    """Say in a sentence who holds the lock."""
    what = f"{holder.get('component', 'the component')} on {holder.get('environment', 'this host')}"
    why = f" ({holder['reason']})" if holder.get("reason") else ""
    return (
        f"{what} is locked by {holder.get('actor', 'somebody')}{why}, run {holder.get('run', 'unknown')}, "
        f"since {holder.get('since', 'just now')}, in phase {holder.get('phase', 'start')}: "
        "wait until that act is done, then the same command again"
    )


def _alive(pid: object) -> bool:
    if not isinstance(pid, int):
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
