"""One JSON message to one address. The address is a secret: it is in no sentence. The same code on both sides."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Mapping

SECONDS = 10


def post(address: str, content: Mapping[str, Any], seconds: float = SECONDS) -> str:
    """Send ``content``; return why it did not arrive, without the address, or nothing."""
    try:
        if urllib.parse.urlsplit(address).scheme not in ("http", "https"):
            return "it is no http or https address"
        request = urllib.request.Request(  # noqa: S310 -- the scheme is checked
            address,
            data=json.dumps(content).encode(),
            headers={"Content-Type": "application/json", "User-Agent": "tta.ops"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=seconds):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return f"it answers {error.code}"
    except urllib.error.URLError as error:
        return f"it does not answer ({type(error.reason).__name__})"
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"it does not answer ({type(error).__name__})"
