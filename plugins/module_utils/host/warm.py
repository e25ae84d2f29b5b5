"""The colour that no longer serves is kept running for a while, so that going back is one switch; then it stops.

When is written in the state, and whoever comes next stops what is over. So that somebody comes, an act leaves one
sleeping shell a component behind (1 MB), which then calls the program; the act after it takes its place.
"""

from __future__ import annotations

import fcntl
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from . import colouring, colours, files, times
from .context import Context
from .errors import LockedError
from .processes import clean_environment
from .state import State

_FILE = "warm.lock"
# The sleep does not hold the lock, which is the shell's standard input: with the shell gone nobody waits any more.
_WAIT = 'sleep "$1" </dev/null; shift; exec "$@"'
_BUSY, _GONE = 5, 2.0


def cool(context: Context) -> Dict[str, Any]:
    """Stop the colour whose time is over; return the result of the verb ``drain``."""
    store = context.store
    found, current = colours.read(store.folder), store.current()
    result = {"outcome": "unchanged", "changed": False, "failed": False}
    if found is None or current is None or found.warm_until is None or found.idle not in found.releases:
        return {**result, "message": f"nothing of {context.title} is kept warm; {context.serving()}"}
    number = found.releases[found.idle]
    if colours.seconds_between(times.now(), found.warm_until) > 0:
        return {**result, "message": f"{context.component} {number} is kept warm until {found.warm_until}"}
    context.engine.down(colouring.project(current.facts["project"], found.idle))
    colours.write(store.folder, found.cooled())
    message = f"{context.component} {number} was kept warm until {found.warm_until} and is stopped; {context.serving()}"
    return {**result, "outcome": "stopped", "changed": True, "message": message}


def overdue(state: State) -> List[Tuple[str, str]]:
    """Return environment and component of everything that is warm although its time is over."""
    return [
        (environment, component)
        for environment in state.environments()
        for component in state.components(environment)
        if _left(state.store(environment, component).folder) <= 0
    ]


def see_to_it(context: Context) -> None:
    """Leave somebody behind who stops the colour when its time is over, in the place of whoever waited before."""
    folder = context.store.folder
    with files.explained(folder / _FILE):
        handle = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
    try:
        if _is_ours(handle):
            where = ["--state", str(context.state.root), "--environment", context.environment]
            program = str(Path(sys.argv[0]).resolve())
            waiter = subprocess.Popen(
                _command(_left(folder), [sys.executable, program, "--json", *where, "drain", context.component]),
                stdin=handle,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=clean_environment(os.environ),
                start_new_session=True,
            )
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(waiter.pid).encode(), 0)
    finally:
        os.close(handle)


def _is_ours(handle: int) -> bool:
    """Take the lock of whoever waits, ending who has it; False when that one does not end, and so will come itself."""
    until = time.monotonic() + _GONE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            _end(os.pread(handle, 20, 0))
            if time.monotonic() > until:
                return False
            time.sleep(0.01)


def _end(written: bytes) -> None:
    try:
        if b"--when-due" in (Path("/proc") / str(int(written)) / "cmdline").read_bytes().split(b"\0"):
            os.killpg(int(written), signal.SIGTERM)
    except (ValueError, OSError):
        return  # it has just ended, or has not written who it is yet


def _command(left: float, call: List[str]) -> List[str]:
    return ["/bin/sh", "-c", _WAIT, "tta-ops", str(math.ceil(max(left, 0.0))), *call, "--when-due"]


def wait(left: float) -> Dict[str, Any]:
    """Become a shell that sleeps and then calls the same again."""
    call = [sys.executable, *(one for one in sys.argv if one != "--when-due")]
    os.execv("/bin/sh", _command(left, call))  # noqa: S606 -- it is one


def when_due(
    folder: Path, stop: Callable[[], Dict[str, Any]], later: Callable[[float], Dict[str, Any]] = wait
) -> Dict[str, Any]:
    """Stop the colour whose time is over; where it is not yet, or an act is under way, come again ``later``."""
    left = _left(folder)
    if left == math.inf:
        message = "nothing is kept warm any more"
        return {"outcome": "unchanged", "changed": False, "failed": False, "message": message}
    if left > 0:
        return later(left)
    try:
        return stop()
    except LockedError:
        return later(_BUSY)


def _left(folder: Path) -> float:
    """Return for how many seconds a component's other colour is still kept warm, infinity when it is not at all."""
    found = colours.read(folder)
    if found is None or found.warm_until is None or found.idle not in found.releases:
        return math.inf
    return colours.seconds_between(times.now(), found.warm_until)
