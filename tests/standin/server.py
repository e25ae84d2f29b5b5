"""The stand-in over HTTP, on a free port of this machine."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from .faults import Fault
from .projects import Projects
from .store import Refused, Store


class Answer(NamedTuple):
    status: int
    value: Any
    headers: dict[str, str]
    slow: float = 0.0


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
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Standin:
        handler = type("Handler", (_Handler,), {"standin": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens; without a server an address that only `direct` knows."""
        return f"http://127.0.0.1:{self._server.server_address[1] if self._server else 9}"

    def writes(self) -> list[str]:
        """The requests that were to change something, without a board's."""
        return [f"{method} {path}" for method, path, _ in self.calls if method != "GET" and path != "/graphql"]

    def direct(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float
    ) -> tuple[int, dict[str, str], bytes]:
        """A transport without a network."""
        content = json.loads(body) if body else None
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        answer = self.answer(method, parts.path, query, headers.get("Authorization"), content)
        if answer is None:
            raise ConnectionError("cut")
        return answer.status, {**self.headers, **answer.headers}, json.dumps(answer.value).encode()

    def answer(
        self, method: str, path: str, query: dict[str, str], authorization: str | None, content: Any
    ) -> Answer | None:
        """Answer a request, as far as its fault lets that happen; None: the connection is cut."""
        self.calls.append((method, path, content))
        fault = next((each for each in self.faults if each.strikes(f"{method} {path}")), None)
        if fault and not fault.done and not fault.slow:
            return _struck(fault)
        if authorization != f"Bearer {self.token}":
            return Answer(401, {"message": "Bad credentials"}, {})
        try:
            status, value, links = self.handle(method, path, query, content)
        except Refused as refused:
            status, value, links = refused.status, refused.value, {}
        if fault and fault.done:
            return _struck(fault)
        return Answer(status, value, links, slow=fault.slow if fault else 0.0)

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


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None: ...  # a client that went away is what many tests are about


class _Handler(BaseHTTPRequestHandler):
    standin: Standin
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        content = json.loads(self.rfile.read(length)) if length else None
        query = dict(parse_qsl(parts.query))
        answer = self.standin.answer(self.command, parts.path, query, self.headers.get("authorization"), content)
        if answer is None:
            self.close_connection = True
            self.connection.close()
        else:
            self._say(answer)

    do_POST = do_PATCH = do_GET

    def _say(self, answer: Answer) -> None:
        data = json.dumps(answer.value).encode()
        self.send_response(answer.status)
        for name, text in {**self.standin.headers, **answer.headers}.items():
            self.send_header(name, text)
        self.send_header("content-type", "application/json; charset=utf-8")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        size = 1 if answer.slow else len(data)
        for at in range(0, len(data), size):
            self.wfile.write(data[at : at + size])
            time.sleep(answer.slow)


def _struck(fault: Fault) -> Answer | None:
    value = fault.value or {"message": fault.message}
    return Answer(fault.status, value, dict(fault.headers)) if fault.status else None
