"""One name for the same error at other times, with other numbers: the exception and the masked message."""

from __future__ import annotations

import hashlib
import re

_MASKS = (
    (re.compile(r"\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?"), "<time>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I), "<id>"),
    # what a name follows keeps its name: another missing table is another error
    (
        re.compile(
            r"(?<!relation )(?<!table )(?<!column )(?<!constraint )(?<!function )(?<!database )(?<!role )"
            r"(?<!parameter )(?<!index )(?<!schema )(?<!type )(?<!directive )\"[^\"]*\""
        ),
        "<value>",
    ),
    (re.compile(r"'[^']*'"), "<value>"),
    (re.compile(r"/(?:tmp|proc|run)/[^\s:,'\")\]]+"), "<path>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"), "<address>"),
    (re.compile(r"\b0x[0-9a-f]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b", re.I), "<n>"),
    (re.compile(r"\d+"), "<n>"),
)
_LONGEST = 200


def template(message: str) -> str:
    """Return the message without its times, numbers, ids, addresses and quoted values."""
    for form, mask in _MASKS:
        message = form.sub(mask, message)
    return " ".join(message.split())[:_LONGEST]


def fingerprint(kind: str, exception: str, message: str) -> str:
    """Return 16 hexadecimal digits: the same for the same error."""
    return hashlib.sha256("\0".join((kind, exception, template(message))).encode("utf-8", "replace")).hexdigest()[:16]
