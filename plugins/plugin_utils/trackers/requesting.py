"""One request to GitHub: retried where that is safe, never slower than its budget of time."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit

from . import answers
from .interface import Unsent
from .settings import Settings
from .waiting import rate_limited

SECONDS = 20.0
"""For one answer, connecting included."""
BUDGET = 60.0
"""Seconds that one run spends on GitHub; what is left then waits for the next."""
ATTEMPTS = 4
LARGEST = 20 * 1024 * 1024


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


class Requesting:
    """Sends requests with the same headers, one after the other, until the budget is used up."""

    def __init__(
        self,
        settings: Settings,
        headers: Mapping[str, str],
        transport: Transport,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """The budget begins now."""
        self._settings, self._headers, self._transport = settings, headers, transport
        self._clock, self._sleep, self._until = clock, sleep, clock() + BUDGET
        self.expires = ""

    def pause(self, seconds: float) -> None:
        """Wait; raises `Unsent` when the budget does not allow it."""
        if self._clock() + seconds >= self._until:
            raise Unsent(f"GitHub is slow: {BUDGET:g} s are over; what waits is sent by the next run")
        self._sleep(seconds)

    def request(self, method: str, url: str, content: Mapping[str, Any] | None, *, safe: bool) -> Answer:
        """Return an answer that is a success; raises `Unsent`. `safe`: sending it twice is once."""
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
            self.expires = answer.headers.get("github-authentication-token-expiration", self.expires)
            if answer.status < 300:
                return answer
            if answer.status in (301, 302, 307, 308) and (method == "GET" or answer.status > 302):
                url = self.same_place(url, answer.headers.get("location", ""))
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

    def same_place(self, url: str, following: str) -> str:
        """Return an address that an answer led to; the token goes to GitHub and nowhere else."""
        target = urljoin(url, following)
        if not following or urlsplit(target)[:2] != urlsplit(url)[:2]:
            raise Unsent(f"GitHub leads to another address ({urlsplit(target).netloc}); nothing was sent there")
        return target


def _delay(attempt: int) -> float:
    """Seconds before the next attempt: 0.5, 1, 2, each up to half longer by chance, so that not all come at once."""
    return float(2 ** (attempt - 2) * (1 + random.random() / 2))  # noqa: S311 - chance, not secrecy
