"""GET by a process of its own, so that the time limit of a gate ends whatever the other side does."""

from __future__ import annotations

import json
import sys
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .bench import PROGRAMS, Bench
from .errors import DefinitionError
from .process import Finished

MOST_BYTES = 2 * 1024 * 1024
DEFAULT_TIMEOUT = 10
LONGEST_TIMEOUT = 300


@dataclass(frozen=True)
class Answer:
    """What came back: the printed facts of `programs/http_get.py`, or one sentence why there are none."""

    facts: Mapping[str, Any]
    problem: str
    command: Finished


def get(bench: Bench, url: str, seconds: float, *, shown: str) -> Answer:
    """Ask `url`; `shown` stands for it in sentences. The command is without its output: that may hold secrets."""
    # Isolated: no module of the monorepo's own may stand in for the library's.
    program = [sys.executable, "-I", str(PROGRAMS / "http_get.py")]
    arguments = [*program, url, f"{seconds:g}", str(MOST_BYTES)]
    finished = bench.run(arguments, seconds=seconds + 2)
    command = replace(finished, arguments=(*program, shown, *arguments[4:]), stdout="")
    if finished.ended == "time":
        return Answer({}, f"{shown} did not answer within {seconds:g} s", command)
    if finished.trouble or finished.exit != 0:
        why = finished.trouble or finished.last_words
        return Answer({}, f"{shown} could not be asked: {why}", command)
    try:
        facts = json.loads(finished.stdout)
    except json.JSONDecodeError:
        return Answer({}, f"{shown} could not be asked: http_get.py printed no JSON", command)
    if facts["error"]:
        return Answer({}, f"{shown} {facts['error']}", command)
    if facts["cut"]:
        return Answer({}, f"{shown} answered with more than {MOST_BYTES} bytes", command)
    return Answer(facts, "", command)


def check_url(url: Any, where: str) -> None:
    """Raise `DefinitionError` for what is no address, or one with a login in it."""
    parts = urllib.parse.urlsplit(url) if isinstance(url, str) else None
    if not parts or parts.scheme not in ("http", "https") or not parts.hostname:
        raise DefinitionError(where, f"is {url!r}", "an address that begins with http:// or https://")
    if "@" in parts.netloc:
        raise DefinitionError(
            where, "has a login in it", "an address without one: definitions are no place for secrets"
        )


def check_timeout(timeout: Any, where: str) -> None:
    """Raise `DefinitionError` for what is no number of seconds."""
    if isinstance(timeout, bool) or not isinstance(timeout, (int, float)) or not 0 < timeout <= LONGEST_TIMEOUT:
        raise DefinitionError(where, f"is {timeout!r}", f"a number of seconds up to {LONGEST_TIMEOUT}")
