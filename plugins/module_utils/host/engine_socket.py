"""Questions to the Docker Engine over its own socket: a `docker` command costs 30 ms and 30 MB each time, this 1 ms.

HTTP/1.0, one connection a question, so that an answer ends with the connection and nothing has to be unpacked.
"""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional
from urllib.parse import quote, urlencode

from .errors import EngineError

USUAL = "/var/run/docker.sock"
SILENT = "Docker does not answer on this host: start it (systemctl start docker), then the same command again"
DENIED = "this user may not talk to Docker: run it as root (sudo, or ansible_become: true)"
_BLOCK = 1 << 16


class Reply(NamedTuple):
    """The engine's answer: HTTP status and body."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class EngineSocket:
    """The engine behind a Unix socket. Raises ``EngineError`` when it does not answer within the deadline."""

    def __init__(self, path: str) -> None:
        """Take the socket's path."""
        self._path = path

    def __call__(
        self,
        method: str,
        path: str,
        deadline: float,
        /,
        filters: Optional[Mapping[str, List[str]]] = None,
        given: Optional[Mapping[str, Any]] = None,
        **query: Any,
    ) -> Reply:
        """Return the answer to a request; ``filters`` and ``query`` go into its query, ``given`` is its JSON."""
        asked = {**({"filters": json.dumps(filters)} if filters else {}), **query}
        target = quote(path, safe="/:@") + (f"?{urlencode(asked)}" if asked else "")
        body = json.dumps(given) if given is not None else ""
        head = f"Host: docker\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        request = f"{method} {target} HTTP/1.0\r\n{head}{body}"
        until = time.monotonic() + deadline
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
                line.settimeout(deadline)
                line.connect(self._path)
                line.sendall(request.encode())
                return _reply(_all(line, until))
        except (socket.timeout, TimeoutError):
            raise EngineError(
                f"Docker gave no answer within {deadline:g} s: see whether it works (docker ps)"
            ) from None
        except PermissionError:
            raise EngineError(DENIED) from None
        except OSError:
            raise EngineError(SILENT) from None


def _all(line: socket.socket, until: float) -> bytes:
    parts: List[bytes] = []
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
        part = line.recv(_BLOCK)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _reply(data: bytes) -> Reply:
    head, separator, body = data.partition(b"\r\n\r\n")
    words = head.split(None, 2)
    if not separator or len(words) < 2 or not words[1].isdigit():
        raise EngineError(SILENT)
    return Reply(int(words[1]), body)


def sentence(reply: Reply, what: str) -> str:
    """Return what the engine says is wrong."""
    try:
        said = str(reply.json["message"])
    except (ValueError, KeyError, TypeError):
        said = reply.body.decode("utf-8", "replace")
    return f"docker {what} failed: {' '.join(said.split())[:600] or f'HTTP {reply.status}'}"


def unframed(body: bytes) -> str:
    """Return what a container wrote to both streams, the first before the second, out of the engine's frames.

    A container with a terminal has one stream and no frames.
    """
    streams: Dict[int, List[bytes]] = {1: [], 2: []}
    place = 0
    while place < len(body):
        head = body[place : place + 8]
        size = int.from_bytes(head[4:8], "big")
        if len(head) < 8 or head[0] not in (0, 1, 2) or head[1:4] != b"\0\0\0" or place + 8 + size > len(body):
            return body.decode("utf-8", "replace")
        streams[max(1, head[0])].append(body[place + 8 : place + 8 + size])
        place += 8 + size
    return b"".join([*streams[1], *streams[2]]).decode("utf-8", "replace")


def usual(environment: Mapping[str, str]) -> Optional[EngineSocket]:
    """Return the socket that a `docker` command would speak to, None when it would go another way."""
    given = environment.get("DOCKER_HOST") or f"unix://{USUAL}"
    if not given.startswith("unix://") or environment.get("DOCKER_CONTEXT"):
        return None
    if "DOCKER_HOST" not in environment and _chosen_context(environment) != "default":
        return None
    return EngineSocket(given[len("unix://") :])


def _chosen_context(environment: Mapping[str, str]) -> str:
    folder = environment.get("DOCKER_CONFIG") or Path(environment.get("HOME") or "/") / ".docker"
    try:
        found = json.loads((Path(folder) / "config.json").read_bytes())
        return str(found.get("currentContext") or "default")
    except (OSError, ValueError, AttributeError):
        return "default"
