"""A stand-in for the OSV API on this machine, and the form that OSV's schema 1 gives its records."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_TEXT = {"type": "string"}
_EVENTS = [
    {"type": "object", "properties": {name: _TEXT}, "required": [name], "additionalProperties": False}
    for name in ("introduced", "fixed", "last_affected", "limit")
]
_RANGE = {
    "type": "object",
    "properties": {
        "type": {"enum": ["GIT", "SEMVER", "ECOSYSTEM"]},
        "events": {
            "type": "array",
            "minItems": 1,
            "items": {"oneOf": _EVENTS},
            "contains": {"required": ["introduced"]},
        },
    },
    "required": ["type", "events"],
}
_PACKAGE = {
    "type": "object",
    "properties": {"ecosystem": _TEXT, "name": _TEXT, "purl": _TEXT},
    "required": ["ecosystem", "name"],
}
_AFFECTED = {
    "type": "object",
    "properties": {
        "package": _PACKAGE,
        "ranges": {"type": "array", "items": _RANGE},
        "versions": {"type": "array", "items": _TEXT},
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "schema_version": _TEXT,
        "id": _TEXT,
        "modified": {"type": "string", "format": "date-time"},
        "published": {"type": "string", "format": "date-time"},
        "withdrawn": {"type": "string", "format": "date-time"},
        "aliases": {"type": "array", "items": _TEXT},
        "summary": _TEXT,
        "details": _TEXT,
        "affected": {"type": "array", "items": _AFFECTED},
    },
    "required": ["id", "modified"],
}

RECORD = {
    "schema_version": "1.6.0",
    "id": "PYSEC-2026-1",
    "modified": "2026-11-01T00:00:00Z",
    "published": "2026-11-01T00:00:00Z",
    "aliases": ["CVE-2026-1"],
    "summary": "requests follows where it should not",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "requests", "purl": "pkg:pypi/requests"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.35.0"}]}],
            "versions": ["2.34.2"],
        }
    ],
}


class Advisories:
    """`known` maps a package to its records; `status` is what every query is answered with; `asked` is kept."""

    def __init__(self) -> None:
        self.known: Mapping[str, list[dict[str, Any]]] = {}
        self.status = 200
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        """Answer as `POST /v1/query` does: an empty object for a package without a known vulnerability."""
        self.asked.append(query)
        records = self.known.get(query["package"]["name"], [])
        return {"vulns": records} if records else {}


@contextmanager
def served() -> Iterator[Advisories]:
    """Serve on a free port of this machine."""
    state = Advisories()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(state.answer(query)).encode()
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}/v1/query"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()
