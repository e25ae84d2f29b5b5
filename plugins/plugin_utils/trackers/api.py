"""GitHub over HTTP: one request at a time, retried where that is safe, never slower than its budget of time.

The token is in a header and nowhere else: not in a URL, an error, a log or a process list.
"""

from __future__ import annotations

import json
import math
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

from . import answers
from .interface import Unsent
from .settings import Settings
from .waiting import rate_limited

VERSION = "2022-11-28"
"""Of the REST API: GitHub keeps a version for 24 months after the next."""
SECONDS = 20.0
"""For one answer, connecting included."""
BUDGET = 60.0
"""Seconds that one run spends on GitHub; what is left then waits for the next."""
ATTEMPTS = 4
LARGEST = 20 * 1024 * 1024
PAGES = 100
_TOKEN = re.compile(r"[\x21-\x7e]{1,1024}")


class Answer(NamedTuple):
    """One answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    value: Any


class Transport(Protocol):
    """Sends one request; raises `OSError` when no whole answer comes within `seconds`."""

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers with names in lower case, and body."""


class Api:
    """The REST and GraphQL API of one repository's GitHub, with one token."""

    def __init__(
        self,
        settings: Settings,
        token: str,
        transport: Transport,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raise `Unsent` at once for a token that cannot be one."""
        if not token.strip():
            raise answers.no_token(settings)
        if not _TOKEN.fullmatch(token.strip()):
            raise answers.odd_token(settings)
        self._settings, self._transport, self._clock, self._sleep = settings, transport, clock, sleep
        self._headers = {
            "Authorization": f"Bearer {token.strip()}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": VERSION,
            "User-Agent": "tta.ops",
        }
        self._until = clock() + BUDGET
        self._expires = ""

    def notice(self) -> str:
        """Return what is worth knowing before it hurts: that the token expires soon; or nothing."""
        return answers.expiring(self._settings, self._expires, datetime.now(UTC))

    def get(self, path: str, **parameters: Any) -> Any:
        """Return one thing."""
        return self._request("GET", self._url(path, parameters), None, safe=True).value

    def pages(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the things of a list, page after page."""
        url = self._url(path, {**parameters, "per_page": 100})
        for _ in range(PAGES):
            answer = self._request("GET", url, None, safe=True)
            yield from answer.value
            following = re.search(r'<([^>]+)>;\s*rel="next"', answer.headers.get("link", ""))
            if not following:
                return
            url = self._same_place(url, following[1])

    def post(self, path: str, content: Mapping[str, Any]) -> Any:
        """Create something; `Unsent.again` when nobody knows whether it was created: look before you try again."""
        return self._request("POST", self._url(path, {}), content, safe=False).value

    def patch(self, path: str, content: Mapping[str, Any]) -> Any:
        """Change something; the same change twice is one."""
        return self._request("PATCH", self._url(path, {}), content, safe=True).value

    def graphql(self, document: str, variables: Mapping[str, Any], *, safe: bool) -> Answer:
        """Return the answer to a GraphQL document, errors and all; `safe` when sending it twice is once."""
        base = self._settings.api
        url = f"{base[: -len('/v3')]}/graphql" if base.endswith("/api/v3") else f"{base}/graphql"
        return self._request("POST", url, {"query": document, "variables": variables}, safe=safe)

    def pause(self, seconds: float) -> None:
        """Wait; raises `Unsent` when the budget does not allow it."""
        if self._clock() + seconds >= self._until:
            raise Unsent(f"GitHub is slow: {BUDGET:g} s are over; what waits is sent by the next run")
        self._sleep(seconds)

    def _request(self, method: str, url: str, content: Mapping[str, Any] | None, *, safe: bool) -> Answer:
        call = f"{method} {urlsplit(url).path}"
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                answer = self._once(method, url, content)
            except OSError as error:
                if last or not safe:
                    reason = "does not answer in time" if isinstance(error, TimeoutError) else "cannot be reached"
                    raise Unsent(f"GitHub {reason} ({call}); what waits is sent by the next run", again=True) from None
                self.pause(_delay(attempt))
                continue
            self._expires = answer.headers.get("github-authentication-token-expiration", self._expires)
            if answer.status < 300:
                return answer
            if answer.status in (301, 302, 307, 308) and (method == "GET" or answer.status > 302):
                url = self._same_place(url, answer.headers.get("location", ""))
                continue
            wait = rate_limited(answer.status, answer.headers, answer.value)
            if wait is not None:
                self._wait_for_limit(float("inf") if last else wait)
                continue
            problem = answers.explained(answer.status, answer.headers, answer.value, call, self._settings)
            problem.status = answer.status
            if answer.status < 500 or last or not safe:
                raise problem
            self.pause(_delay(attempt))
        raise Unsent(f"GitHub leads from one address to the next ({call})", alone=True)

    def _once(self, method: str, url: str, content: Mapping[str, Any] | None) -> Answer:
        left = self._until - self._clock()
        if left <= 0:
            self.pause(0.001)
        body = None if content is None else json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        status, found, data = self._transport(method, url, headers, body, min(SECONDS, left))
        try:
            value = json.loads(data) if data.strip() else None
        except ValueError:
            value = None
            if status < 300:
                raise ConnectionError("what came is not JSON") from None
        return Answer(status, found, value)

    def _wait_for_limit(self, seconds: float) -> None:
        if self._clock() + seconds >= self._until:
            until = f" for {max(1, round(seconds / 60))} minutes" if math.isfinite(seconds) else ""
            raise Unsent(f"GitHub's rate limit is used up{until}; what waits is sent by the next run after that")
        self._sleep(seconds)

    def _url(self, path: str, parameters: Mapping[str, Any]) -> str:
        return f"{self._settings.api}{path}" + (f"?{urlencode(parameters)}" if parameters else "")

    def _same_place(self, url: str, following: str) -> str:
        """Return an address that an answer led to; the token goes to GitHub and nowhere else."""
        target = urljoin(url, following)
        if not following or urlsplit(target)[:2] != urlsplit(url)[:2]:
            raise Unsent(f"GitHub leads to another address ({urlsplit(target).netloc}); nothing was sent there")
        return target


def _delay(attempt: int) -> float:
    """Seconds before the next attempt: 0.5, 1, 2, each up to half longer by chance, so that not all come at once."""
    return float(2 ** (attempt - 2) * (1 + random.random() / 2))  # noqa: S311 - chance, not secrecy
