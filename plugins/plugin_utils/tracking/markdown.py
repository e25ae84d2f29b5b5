"""Text from tools and people, made harmless: it cannot mention, link, embed, close a block or change the page."""

from __future__ import annotations

import re

LONGEST = 2000
"""Characters of one piece of tool output that a page keeps; the evidence keeps it all."""

_SPECIAL = re.compile(r"([\\`*\[\]()<>|~&]|(?<!\w)_|_(?!\w))")
_POINTER = re.compile(r"(?:(?<=[@#])(?=\w))|(?<=:)(?=//)|(?<=www)(?=\.)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def clean(text: object) -> str:
    """The text without control and direction characters, cut where it is too long."""
    kept = _CONTROL.sub("", str(text).replace("\r\n", "\n").replace("\r", "\n")).strip()
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST]} … ({len(kept) - LONGEST} characters more)"


def prose(text: object) -> str:
    """One line in which nothing means anything to Markdown, and which names nobody, no issue and no address.

    What tracking services make of ``@name``, ``#1`` or ``https://`` after rendering, a backslash does not prevent: a
    zero-width space does.
    """
    return _SPECIAL.sub(r"\\\1", nobody(text))


def nobody(text: object) -> str:
    """One line that names nobody, no issue and no address, for places where Markdown is not read (inside of HTML)."""
    return _POINTER.sub("\u200b", " ".join(clean(text).split()))


def code(text: object) -> str:
    """One line as a code span; its fence is longer than any inside."""
    line = " ".join(clean(text).split())
    if not line:
        return ""
    fence = _fence(line, 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def block(text: object) -> list[str]:
    """Several lines as a code block; its fence is longer than any inside."""
    lines = clean(text).splitlines()
    fence = _fence("\n".join(lines), 3)
    return [fence, *lines, fence]


def _fence(text: str, shortest: int) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    return "`" * max(shortest, longest + 1)
