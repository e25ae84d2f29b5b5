"""Text as reports may hold it: no control or direction characters, nothing that UTF-8 cannot write, no flood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LONGEST = 2000
"""Characters of one line of tool output that a report keeps; the evidence keeps it all."""

_UNWANTED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def clean(text: object) -> str:
    """The text without what would hide, turn or break it; line breaks become ``\\n``."""
    kept = str(text).replace("\r\n", "\n").replace("\r", "\n")
    kept = _SURROGATE.sub("\ufffd", _UNWANTED.sub("", kept)).strip()
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST]} … ({len(kept) - LONGEST} characters more)"


def line(text: object) -> str:
    """The text on one line."""
    return " ".join(clean(text).split())


def lines(text: object) -> list[str]:
    """The lines of a text that say something."""
    return [clean(each) for each in str(text or "").splitlines() if clean(each)]


def cleaned(value: Any) -> Any:
    """A nested value, all strings and keys of which are clean."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(key): cleaned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(each) for each in value]
    return value
