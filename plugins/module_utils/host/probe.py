"""One sample of health: an HTTP or HTTPS answer, or a TCP connection. The same code on hosts and on the control node.

A request is ``{url | tcp, host_header?, ca?, timeout?}``: ``tcp`` is ``address:port``, ``ca`` the text of a PEM file,
``timeout`` in seconds. A sample is ``{ok, status, body, ms, error}``; ``body`` at most 64 KiB of text.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from typing import Any, Dict, Optional, Tuple
from urllib.parse import urlsplit

BODY_LIMIT = 65536
TIMEOUT = 5.0


def sample(request: Dict[str, Any]) -> Dict[str, Any]:
    """Take one sample. Raises ``ValueError`` for a request that makes no sense, never for what the service does."""
    timeout = float(request.get("timeout") or TIMEOUT)
    started = time.monotonic()
    status: Optional[int] = None
    body: Optional[str] = None
    error: Optional[str] = None
    try:
        if request.get("unreachable"):
            error = "nothing has this port"
        elif request.get("tcp"):
            socket.create_connection(_address(str(request["tcp"])), timeout).close()
        else:
            status, body = _get(request, timeout)
            if not 200 <= status < 300:
                error = f"HTTP {status}"
    except (OSError, http.client.HTTPException) as problem:
        error = _plain(problem)
    return {
        "ok": error is None,
        "status": status,
        "body": body,
        "ms": round((time.monotonic() - started) * 1000, 1),
        "error": error,
    }


def target(request: Dict[str, Any]) -> str:
    """Return what a request asks, for a person."""
    return str(request.get("url") or f"tcp {request.get('tcp')}")


def _get(request: Dict[str, Any], timeout: float) -> Tuple[int, str]:
    url = urlsplit(str(request.get("url")))
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"{request.get('url')!r} is no URL that begins with http:// or https://")
    connection = _connection(url.scheme, url.hostname, url.port, request, timeout)
    try:
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        headers = {"User-Agent": "tta-ops", "Accept": "application/json, */*", "Connection": "close"}
        if request.get("host_header"):
            headers["Host"] = str(request["host_header"])
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(BODY_LIMIT).decode("utf-8", "replace")
    finally:
        connection.close()


def _connection(
    scheme: str, host: str, port: Optional[int], request: Dict[str, Any], timeout: float
) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(host, port, timeout=timeout)
    context = ssl.create_default_context(cadata=request.get("ca") or None)
    return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)


def _address(text: str) -> Tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"{text!r} is no address:port")
    return host.strip("[]"), int(port)


def _plain(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return f"the certificate is not trusted ({problem.verify_message})"
    if isinstance(problem, (socket.timeout, TimeoutError)):
        return "no answer in time"
    if isinstance(problem, ConnectionRefusedError):
        return "connection refused"
    if isinstance(problem, (http.client.RemoteDisconnected, ConnectionResetError)):
        return "connection closed without an answer"
    return getattr(problem, "strerror", None) or str(problem) or type(problem).__name__


def is_free(address: str, port: int, protocol: str) -> bool:
    """Say whether ``address:port`` could be listened on now; an empty address means all."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    with socket.socket(family, kind) as trial:
        if kind == socket.SOCK_STREAM:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError:
            return False
    return True
