"""One question to the edge's master process, which passes it on to its workers."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from .errors import EngineError

_SECONDS = 5.0
_LIMIT = 4 << 20


def ask(folder: Path, command: str, seconds: float = _SECONDS) -> str:
    """Return what HAProxy answers on ``folder/master.sock``. Raises ``EngineError`` when it does not answer.

    The folder is opened first: the path of a socket must not be longer than 108 characters, a state folder may be.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(seconds)
                line.connect(f"/proc/self/fd/{handle}/master.sock")
                line.sendall(command.encode() + b"\n")
                line.shutdown(socket.SHUT_WR)
                return _all(line).decode("utf-8", "replace")
        finally:
            os.close(handle)
    except OSError as error:
        raise EngineError(f"the edge does not answer ({error.strerror or error})") from error


def _all(line: socket.socket) -> bytes:
    found = b""
    while len(found) < _LIMIT:
        part = line.recv(65536)
        if not part:
            break
        found += part
    return found
