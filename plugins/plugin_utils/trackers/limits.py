"""What GitHub takes at most, and how text is cut to it without changing what the rest means."""

from __future__ import annotations

import re

from .harmless import PARSER

BODY = 65536
"""Characters of a body or comment: "body is too long (maximum is 65536 characters)"."""
TITLE = 256
LABEL = 50
LABEL_DESCRIPTION = 100
LABELS = 100
FIELD = 1024
"""Characters of a text field on a board."""

_SPARE = 400
_CUT = "… cut here"


def title(text: str) -> str:
    """Return one line of at most `TITLE` characters."""
    return line(text, TITLE)


def line(text: str, most: int) -> str:
    """Return one line of at most `most` characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 2]} …"


def body(text: str, most: int = BODY) -> str:
    """Return at most `most` characters: cut at the end of a line, with an open code block closed, and said so."""
    if len(text) <= most:
        return text
    room = most - _SPARE
    kept = text[:room].rpartition("\n")[0] or text[:room]
    ending = f"\n\n{_CUT}: {len(text) - len(kept)} characters more are beside the ledger."
    for closing in ("", *_closings(kept)):
        if len(closing) < _SPARE - len(ending) and _is_read(f"{kept}{closing}{ending}"):
            return f"{kept}{closing}{ending}"
    return f"The text is too long for this place: {len(text)} characters are beside the ledger."


def _closings(text: str) -> list[str]:
    """Return what may close the code block at the end of `text`: its own fence, as deep as the line that opened it."""
    fences = [each for each in PARSER.parse(text) if each.type == "fence" and each.map]
    if not fences or not fences[-1].map:
        return []
    opening = text.split("\n")[fences[-1].map[0]]
    before = opening.partition(fences[-1].markup)[0]
    return [f"\n{re.sub(r'[^>]', ' ', before)}{fences[-1].markup}"]


def _is_read(text: str) -> bool:
    """Say whether a reader sees that the text was cut: it does not stand in code."""
    tokens = [one for each in PARSER.parse(text) for one in each.children or []]
    return any(each.type == "text" and _CUT in each.content for each in tokens)
