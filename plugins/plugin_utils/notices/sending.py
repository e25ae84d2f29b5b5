"""Sends one message to one receiver: an address, or a command."""

from __future__ import annotations

import http.client
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from . import words


def send(receiver: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Return why the message did not arrive, without address and without what a command said; or nothing."""
    if receiver["to"] == "command":
        return _run(receiver, told)
    generic = {**told, "text": words.text(receiver["template"], told)}
    content = words.slack(receiver["template"], told) if receiver["to"] == "slack" else generic
    return post(receiver["url"], content, receiver["seconds"])


def post(address: str, content: Mapping[str, Any], seconds: float = 10) -> str:
    """Send `content` as JSON; return why it did not arrive, without the address, or nothing."""
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


def _run(receiver: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    content = {**told, "text": words.text(receiver["template"], told)}
    try:
        done = subprocess.run(
            receiver["command"],
            input=json.dumps(content),
            text=True,
            capture_output=True,
            timeout=receiver["seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"its command was not done within {receiver['seconds']:g} s"
    except OSError as error:
        return f"its command cannot be run ({error.strerror})"
    return f"its command ended with {done.returncode}" if done.returncode else ""
