"""Which lines make up one traceback, with its chained ones, its groups and what announces it."""

from __future__ import annotations

import re
from typing import List, Tuple

_HEAD = re.compile(r"^\s*(?:\+ (?:Exception Group )?)?(?:Exception Group )?Traceback \(most recent call last\):$")
_GROUP = re.compile(r"^\s+(?:[|+]|\+-)")
_CHAIN = ("During handling of the above exception", "The above exception was the direct cause")
_BODY = re.compile(r"^(?:\s|> File )")
EXCEPTION = re.compile(r"^((?:[A-Za-z_]\w*\.)*[A-Z_]\w*)(?::\s|:?$)(.*)")
_IN_GROUP = re.compile(r"^\s+\| +((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Group|Exit|Interrupt)): (.*)")


def begins(line: str) -> bool:
    """Say whether a traceback begins here."""
    return bool(_HEAD.match(line))


def read(lines: List[str], position: int) -> Tuple[str, int]:
    """Return the exception that the traceback at `position` ends with, and where reading goes on.

    While its end is missing the exception is "".
    """
    if lines[position].lstrip().startswith("+"):
        return _group(lines, position)
    after = position + 1
    while after < len(lines) and (not lines[after].strip() or _BODY.match(lines[after])):
        after += 1
    if after >= len(lines):
        return "", after
    exception = lines[after].strip()
    after += 1
    while after < len(lines) and _GROUP.match(lines[after]):
        after += 1
    follows = _skip_blank(lines, after)
    if follows < len(lines) and lines[follows].lstrip(" |").startswith(_CHAIN):
        head = _skip_blank(lines, follows + 1)
        if head < len(lines) and begins(lines[head]):
            return read(lines, head)
        return ("", head) if head >= len(lines) else (exception, head)
    return exception, after


def _group(lines: List[str], position: int) -> Tuple[str, int]:
    exception, after = "", position
    while after < len(lines) and (_GROUP.match(lines[after]) or (after == position)):
        found = _IN_GROUP.match(lines[after])
        if found and not exception:
            exception = f"{found[1]}: {found[2]}"
        after += 1
    return exception, after


def _skip_blank(lines: List[str], position: int) -> int:
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position
