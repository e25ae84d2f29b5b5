"""Sends one message to one receiver: an address, or a command."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any

from ...module_utils.host.webhook import post
from . import words


def send(receiver: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """Return why the message did not arrive, without address and without what a command said; or nothing."""
    if receiver["to"] == "command":
        return _run(receiver, told)
    generic = {**told, "text": words.text(receiver["template"], told)}
    content = words.slack(receiver["template"], told) if receiver["to"] == "slack" else generic
    return post(receiver["url"], content, receiver["seconds"])


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
