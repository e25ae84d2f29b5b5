"""One command below one watching process: started, confined, waited for, and ended with everything it started."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from typing import Any

from . import landlock, tree

_AFTERMATH_SECONDS = 1.0
_NOT_STARTED = 127


def watch(out: int, err: int, told: int, heard: int) -> None:
    """Run the command that is described on `heard` and tell on `told`, a JSON object a line, how it went."""
    os.setsid()
    tree.adopt_orphans()
    asked = json.loads(_line(heard))
    wakes, wake = os.pipe()
    for end in (wakes, wake):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake)
    _tell(told, pid=os.getpid())
    command = os.fork()
    if not command:
        _become(asked, out, err, told)
    os.close(out)
    os.close(err)
    status = _wait(command, heard, wakes)
    tree.end(command)
    _tell(told, exit=status if status is not None else tree.status_of(command))


def _wait(command: int, heard: int, wakes: int) -> int | None:
    """Return the command's status when it ended by itself and its children had a moment to; None when it is to end."""
    status, until = None, float("inf")
    while True:
        left = None if status is None else max(0.0, until - time.monotonic())
        ready, _, _ = select.select([heard, wakes], [], [], left)
        if heard in ready:
            return status  # nothing more is ever said: the other side is gone, or wants the end
        if wakes in ready:
            os.read(wakes, 4096)
        nobody_left = tree.reap()
        if status is None:
            status, until = tree.status_of(command), time.monotonic() + _AFTERMATH_SECONDS
        if status is not None and (nobody_left or time.monotonic() >= until):
            return status


def _become(asked: dict[str, Any], out: int, err: int, told: int) -> None:
    """Turn this process into the command; never returns."""
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for reset in (signal.SIGCHLD, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(reset, signal.SIG_DFL)
        for descriptor, number in ((out, 1), (err, 2)):
            os.dup2(descriptor, number)
        os.chdir(asked["cwd"])
        _tell(told, confined=_confined(asked["writable"]))
        os.execvpe(asked["arguments"][0], asked["arguments"], asked["environment"])  # noqa: S606  there is no shell
    except OSError as error:
        _tell(told, missing=error.errno, why=str(error))
    finally:
        os._exit(_NOT_STARTED)


def _confined(writable: list[str] | None) -> bool:
    try:
        return writable is not None and landlock.confine(writable)
    except OSError:
        return False  # nothing was changed; what was written to is looked for afterwards


def _line(descriptor: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(descriptor, 65536)
        if not part:
            raise EOFError("the toolkit is gone")
        line += part
    return line


def _tell(told: int, **what: Any) -> None:
    os.write(told, json.dumps(what).encode() + b"\n")
