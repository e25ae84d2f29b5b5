"""Asks one address by GET and prints as JSON what came back.

Usage: http_get.py URL SECONDS BYTES. Redirects are followed within the same host and port, five at most. Prints
`{error, status, reason, headers, body, ms, redirects, cut}`; `error` is a sentence when there was no answer, `cut` says
that the body was longer than BYTES. Exit code 0 whenever that could be printed.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
import urllib.parse
from typing import Any

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)


def ask(url: str, seconds: float, most_bytes: int) -> dict[str, Any]:
    """Return the last answer with the redirects before it; raises `OSError` or `HTTPException` when there is none."""
    redirects: list[dict[str, Any]] = []
    while True:
        started = time.monotonic()
        answer = once(url, seconds, most_bytes)
        answer["ms"] = round(1000 * (time.monotonic() - started), 2)
        target = answer["headers"].get("location")
        if answer["status"] not in REDIRECTS or not target:
            return {"error": "", "url": url, "redirects": redirects, **answer}
        target = urllib.parse.urljoin(url, target)
        redirects.append({"status": answer["status"], "from": url, "to": target})
        if origin(target) != origin(url):
            return {"error": "", "url": url, "redirects": redirects, **answer}
        if len(redirects) > MOST_REDIRECTS:
            return {"error": f"was redirected more than {MOST_REDIRECTS} times", "redirects": redirects}
        url = target


def once(url: str, seconds: float, most_bytes: int) -> dict[str, Any]:
    """Send one request and return `{status, reason, headers, body, cut}`; names of headers in lower case."""
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=seconds)
    try:
        path = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        connection.request("GET", path, headers={"Accept-Encoding": "identity", "User-Agent": "tta.ops"})
        response = connection.getresponse()
        body = response.read(most_bytes + 1)
        return {
            "status": response.status,
            "reason": response.reason,
            "headers": {name.lower(): value for name, value in response.getheaders()},
            "body": body[:most_bytes].decode("utf-8", "backslashreplace"),
            "cut": len(body) > most_bytes,
        }
    finally:
        connection.close()


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port."""
    parts = urllib.parse.urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port


def main(url: str, seconds: str, most_bytes: str) -> int:
    """Ask, and say in a sentence what stood in the way."""
    try:
        found = ask(url, float(seconds), int(most_bytes))
    except TimeoutError:
        found = {"error": f"did not answer within {seconds} s"}
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        found = {"error": f"did not answer: {' '.join(str(reason).split())}"}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
