"""Somebody is told when a backup, a verification or a check by itself goes wrong: a POST of JSON to one address."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Callable

from .. import times
from .settings import Place

_SECONDS = 10.0

Tell = Callable[[str, str], None]


def alert(place: Place, verb: str, problem: str, tell: Tell) -> bool:
    """Send ``{schema, event, environment, verb, text, at}`` to the settings' webhook; return whether it was taken.

    Not being able to is told, and fails nothing: what is wrong is the exit code's to say.
    """
    address = place.settings().webhook if place.configured() else ""
    if not address:
        return False
    text = f"{verb} on {place.environment}: {problem}"
    document = {"schema": 1, "event": "backups", "environment": place.environment, "verb": verb, "text": text}
    body = json.dumps({**document, "at": times.now()}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310 - http and https are all that is admitted
            return True
    except (OSError, ValueError, urllib.error.URLError) as error:
        tell("alert", f"nobody could be told ({type(error).__name__}): see environment_backups.webhook")
        return False
