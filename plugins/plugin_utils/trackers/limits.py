"""What GitHub takes at most, and how text is cut to it without changing what the rest means."""

from __future__ import annotations

import re

BODY = 65536
"""Characters of a body or comment: "body is too long (maximum is 65536 characters)"."""
TITLE = 256
LABEL = 50
LABEL_DESCRIPTION = 100
LABELS = 100
FIELD = 1024
"""Characters of a text field on a board."""

_FENCE = re.compile(r"^(?P<indent> *(?:[-*+] +|> ?)*)(?P<fence>`{3,}|~{3,})")


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
    ending = "\n\n… cut here: {} characters more are beside the ledger."
    room = most - len(ending) - 100
    kept = text[:room].rpartition("\n")[0] or text[:room]
    closing = _open_fence(kept)
    return kept + (f"\n{closing}" if closing else "") + ending.format(len(text) - len(kept))


def _open_fence(text: str) -> str:
    """Return what closes the code block that is open at the end of `text`, or nothing."""
    opened, indent = "", ""
    for each in text.split("\n"):
        found = _FENCE.match(each)
        if not found:
            continue
        fence = found["fence"]
        if not opened:
            # a backtick fence has no backtick in its info string: `````a````` is a code span
            if fence[0] == "~" or "`" not in each[found.end() :]:
                opened, indent = fence, " " * len(found["indent"])
        elif fence[0] == opened[0] and len(fence) >= len(opened) and not each[found.end() :].strip():
            opened = ""
    return f"{indent}{opened[:80]}" if opened else ""
