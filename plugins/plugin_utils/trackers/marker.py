"""The hidden first line by which an issue or a comment is found again, and who may have written it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")


def issue(key: str) -> str:
    """Return the first line of an issue's body."""
    return f"<!-- tta.ops issue {key} -->"


def comment(key: str, marker: str) -> str:
    """Return the first line of a comment; the key is in it, since comments can be quoted elsewhere."""
    return f"<!-- tta.ops comment {key} {marker} -->"


def bears(thing: Mapping[str, Any], line: str) -> bool:
    """Say whether an issue or comment is ours: its first line is `line`, and no outsider wrote it.

    Anybody may open an issue in a public repository and copy a marker into it.
    """
    first = str(thing.get("body") or "").lstrip("\ufeff").split("\n", 1)[0].strip()
    return first == line and _is_trusted(thing)


def key_of(thing: Mapping[str, Any]) -> str | None:
    """Return the key of an issue that the toolkit opened, or None."""
    first = str(thing.get("body") or "").split("\n", 1)[0].strip()
    begin, end = "<!-- tta.ops issue ", " -->"
    if first.startswith(begin) and first.endswith(end) and _is_trusted(thing):
        return first[len(begin) : -len(end)]
    return None


def _is_trusted(thing: Mapping[str, Any]) -> bool:
    author = thing.get("user") or {}
    return thing.get("author_association") in _TRUSTED or author.get("type") == "Bot"
