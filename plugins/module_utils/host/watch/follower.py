"""The small process that looks at every watched release until no watch is on any more; one a state folder.

``see_to_it`` is what the host's schedule calls each minute: it starts the process where none is, after a reboot too.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, Optional

from .. import files
from ..errors import HostError
from ..processes import Processes, clean_environment
from ..state import State
from . import record

_FILE = "watch.lock"


def follow(state: State, processes: Processes) -> Dict[str, Any]:
    """Look at what is watched as often as it asks for, until nothing is."""
    from . import tick

    handle = _take(state)
    if handle is None:
        return _result("somebody looks already")
    due: Dict[str, float] = {}
    try:
        while True:
            watches = [one for one in record.every(state) if one["state"] == record.ON or one["untold"]]
            if not watches or not state.root.is_dir():
                return _result("nothing is watched any more")
            for watch in watches:
                key = f"{watch['environment']}/{watch['component']}"
                if time.monotonic() >= due.get(key, 0.0):
                    due[key] = time.monotonic() + float(watch["settings"]["every"])
                    _once(tick.tick, state, processes, watch)
            wait = min(due.values()) - time.monotonic()
            time.sleep(min(max(wait, 0.05), 5.0))
    finally:
        os.close(handle)


def see_to_it(state: State, processes: Processes) -> Dict[str, Any]:
    """Have somebody look if anything is watched."""
    watches = [one for one in record.every(state) if one["state"] == record.ON or one["untold"]]
    if not watches:
        return _result("nothing is watched")
    started = leave(state)
    return _result("somebody looks again" if started else "somebody looks already", started)


def leave(state: State) -> bool:
    """Leave a process behind that looks, if none does; say whether it was left."""
    handle = _take(state)
    if handle is None:
        return False
    os.close(handle)
    program = str(Path(sys.argv[0]).resolve())
    subprocess.Popen(
        [sys.executable, program, "--json", "--state", str(state.root), "watch", "--do", "follow"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=clean_environment(os.environ),
        start_new_session=True,
    )
    return True


def _once(tick: Any, state: State, processes: Processes, watch: Dict[str, Any]) -> None:
    """Look once; what goes wrong with one component must not end the watch over the others."""
    try:
        tick(state, processes, watch)
    except HostError as error:
        again = record.read(state, watch["environment"], watch["component"])
        if again:
            record.keep(state, {**again, "last": {"at": again["cursor"], "ok": None, "why": str(error)}})


def _take(state: State) -> Optional[int]:
    place = files.make_folder(state.root) / _FILE
    with files.explained(place):
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle
    except BlockingIOError:
        os.close(handle)
        return None


def _result(message: str, changed: bool = False) -> Dict[str, Any]:
    return {"changed": changed, "failed": False, "message": message}
