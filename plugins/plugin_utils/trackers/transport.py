"""One HTTP request through `requests`: proxies and certificates of the machine, a deadline for the whole answer."""

from __future__ import annotations

import time
from collections.abc import Mapping

import requests
import urllib3
from requests.auth import AuthBase

from .requesting import LARGEST

_CONNECT = 5.0
_PIECE = 65536


class _AsGiven(AuthBase):
    """Keeps `requests` from putting a .netrc's password in place of the token."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Requests:
    """Keeps its connections for the next request."""

    def __init__(self) -> None:
        """Connect to nothing yet."""
        self._session = requests.Session()

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, seconds: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send it; raises `TimeoutError` or `ConnectionError`, whose text has neither headers nor address."""
        until = time.monotonic() + seconds
        try:
            with self._session.request(
                method,
                url,
                headers=dict(headers),
                data=body,
                auth=_AsGiven(),
                timeout=(min(_CONNECT, seconds), seconds),
                stream=True,
                allow_redirects=False,
            ) as answer:
                data = b""
                while piece := answer.raw.read1(_PIECE, decode_content=True):  # what has come, without waiting for more
                    data += piece
                    if time.monotonic() > until:
                        raise TimeoutError("the answer did not end in time")
                    if len(data) > LARGEST:
                        raise ConnectionError("the answer is too large")
                return answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, data
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise TimeoutError("no answer in time") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise ConnectionError(type(error).__name__) from None
