"""What components, environments and runs may be called, checked before a name becomes part of a path."""

from __future__ import annotations

import re

from .errors import UsageError

NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
RUN = re.compile(r"[A-Za-z0-9._-]{1,80}")


def checked(kind: str, value: object) -> str:
    """Return ``value`` when it is a proper name; ``kind`` is the word for it in the error."""
    if isinstance(value, str) and NAME.fullmatch(value):
        return value
    raise UsageError(f"{kind} {str(value)[:80]!r} is no name: small letters, digits, - and _ only, a letter first")


def checked_run(value: object) -> str:
    """Return ``value`` when it may name a run."""
    if isinstance(value, str) and RUN.fullmatch(value):
        return value
    raise UsageError(f"{str(value)[:80]!r} is not the name of a run: letters, digits, dot, - and _ only")
