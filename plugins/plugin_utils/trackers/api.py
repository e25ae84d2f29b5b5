"""GitHub's REST and GraphQL APIs, as far as they are needed.

The token is in a header and nowhere else: not in a URL, an error, a log or a process list.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from . import answers
from .interface import Unsent
from .requesting import Answer, Requesting, Transport
from .settings import Settings

VERSION = "2022-11-28"
"""Of the REST API: GitHub keeps a version for 24 months after the next."""
PAGES = 100
_TOKEN = re.compile(r"[\x21-\x7e]{1,1024}")


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
        headers = {
            "Authorization": f"Bearer {token.strip()}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": VERSION,
            "User-Agent": "tta.ops",
        }
        self._settings = settings
        self._requesting = Requesting(settings, headers, transport, clock, sleep)
        self.pause = self._requesting.pause

    def notice(self) -> str:
        """Return what is worth knowing before it hurts: that the token expires soon; or nothing."""
        return answers.expiring(self._settings, self._requesting.expires, datetime.now(UTC))

    def get(self, path: str, **parameters: Any) -> Any:
        """Return one thing."""
        return self._requesting.request("GET", self._url(path, parameters), None, safe=True).value

    def pages(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Yield the things of a list, page after page."""
        url = self._url(path, {**parameters, "per_page": 100})
        for _ in range(PAGES):
            answer = self._requesting.request("GET", url, None, safe=True)
            if not isinstance(answer.value, list):
                raise Unsent(f"GitHub's answer to GET {path} is no list; what waits is sent by the next run")
            yield from answer.value
            following = re.search(r'<([^>]+)>;\s*rel="next"', answer.headers.get("link", ""))
            if not following:
                return
            url = self._requesting.same_place(url, following[1])
        raise Unsent(f"GitHub has more than {PAGES * 100} things at {path}; wanted: a repository with fewer")

    def post(self, path: str, content: Mapping[str, Any]) -> Any:
        """Create something; `Unsent.again` when nobody knows whether it was created: look before you try again."""
        return self._requesting.request("POST", self._url(path, {}), content, safe=False).value

    def patch(self, path: str, content: Mapping[str, Any]) -> Any:
        """Change something; the same change twice is one."""
        return self._requesting.request("PATCH", self._url(path, {}), content, safe=True).value

    def graphql(self, document: str, variables: Mapping[str, Any], *, safe: bool) -> Answer:
        """Return the answer to a GraphQL document, errors and all; `safe` when sending it twice is once."""
        base = self._settings.api
        url = f"{base[: -len('/v3')]}/graphql" if base.endswith("/api/v3") else f"{base}/graphql"
        return self._requesting.request("POST", url, {"query": document, "variables": variables}, safe=safe)

    def _url(self, path: str, parameters: Mapping[str, Any]) -> str:
        return f"{self._settings.api}{path}" + (f"?{urlencode(parameters)}" if parameters else "")
