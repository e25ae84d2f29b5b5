"""The stand-in over HTTP, on a free port of this machine."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from .faults import Fault
from .projects import Projects
from .store import Refused, Store


class Standin:
    """A context manager. `calls` has every request that arrived as (method, path, content)."""

    def __init__(self, token: str = "ghp_stand-in") -> None:  # noqa: S107 - nobody else knows it
        self.token = token
        self.store, self.projects = Store(), Projects()
        self.calls: list[tuple[str, str, Any]] = []
        self.graphql: list[dict[str, Any]] = []
        self.faults: list[Fault] = []
        self.headers: dict[str, str] = {"x-oauth-scopes": "repo, project"}
        self._lock = threading.RLock()

    def __enter__(self) -> Standin:
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def writes(self) -> list[str]:
        """The requests that were to change something, without a board's."""
        return [f"{method} {path}" for method, path, _ in self.calls if method != "GET" and path != "/graphql"]

    def handle(self, method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any, dict[str, str]]:
        with self._lock:
            if path == "/graphql":
                data = self.projects.answer(content["query"], content["variables"])
                self.graphql.append({**content, "data": json.loads(json.dumps(data))})
                return 200, {"data": data}, {}
            status, value = self._route(method, path, query, content)
            if isinstance(value, list):
                value, links = self._page(path, query, value)
                return status, value, links
            return status, value, {}

    def _route(self, method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any]:
        store, base = self.store, f"/repos/{self.store.repository}"
        routes: list[tuple[str, str, int, Callable[..., Any]]] = [
            ("GET", r"/issues", 200, lambda: store.list_issues(**query)),
            ("POST", r"/issues", 201, lambda: store.open(content)),
            ("GET", r"/issues/(\d+)", 200, lambda number: store.issue(int(number))),
            ("PATCH", r"/issues/(\d+)", 200, lambda number: store.change(int(number), content)),
            ("GET", r"/issues/(\d+)/comments", 200, lambda number: store.comments_of(int(number))),
            ("POST", r"/issues/(\d+)/comments", 201, lambda number: store.comment(int(number), content)),
            ("PATCH", r"/issues/comments/(\d+)", 200, lambda number: store.change_comment(int(number), content)),
            ("GET", r"/labels", 200, lambda: list(store.labels.values())),
            ("POST", r"/labels", 201, lambda: store.label(content)),
            ("GET", r"/milestones", 200, lambda: list(store.milestones.values())),
            ("POST", r"/milestones", 201, lambda: store.milestone(content)),
            ("PATCH", r"/milestones/(\d+)", 200, lambda number: store.change_milestone(int(number), content)),
        ]
        for verb, form, status, act in routes:
            found = re.fullmatch(base + form, path)
            if verb == method and found:
                return status, act(*found.groups())
        raise Refused(404, "Not Found")

    def _page(self, path: str, query: dict[str, str], value: list[Any]) -> tuple[list[Any], dict[str, str]]:
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        links = {}
        if page * size < len(value):
            following = f"{self.url}{path}?{urlencode({**query, 'page': page + 1})}"
            links["link"] = f'<{following}>; rel="next"'
        return value[(page - 1) * size : page * size], links


class _Handler(BaseHTTPRequestHandler):
    standin: Standin
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        standin, parts = self.standin, urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        content = json.loads(self.rfile.read(length)) if length else None
        standin.calls.append((self.command, parts.path, content))
        call = f"{self.command} {parts.path}"
        fault = next((each for each in standin.faults if each.strikes(call)), None)
        if fault and not fault.done and not fault.slow:
            self._strike(fault)
            return
        if self.headers.get("authorization") != f"Bearer {standin.token}":
            self._say(401, {"message": "Bad credentials"}, {})
            return
        try:
            status, value, links = standin.handle(self.command, parts.path, dict(parse_qsl(parts.query)), content)
        except Refused as refused:
            status, value, links = refused.status, refused.value, {}
        if fault and fault.done:
            self._strike(fault)
            return
        self._say(status, value, links, slow=fault.slow if fault else 0.0)

    do_POST = do_PATCH = do_GET

    def _strike(self, fault: Fault) -> None:
        if not fault.status:
            self.close_connection = True
            self.connection.close()
            return
        self._say(fault.status, {"message": fault.message}, dict(fault.headers))

    def _say(self, status: int, value: Any, headers: dict[str, str], slow: float = 0.0) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {**self.standin.headers, **headers}.items():
            self.send_header(name, text)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        for at in range(0, len(data), 1 if slow else len(data)):
            self.wfile.write(data[at : at + (1 if slow else len(data))])
            if slow:
                self.wfile.flush()
                time.sleep(slow)
