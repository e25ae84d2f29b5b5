"""Keeps secrets that a service sends out of documents and evidence, by the names they go under."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping
from typing import Any

HIDDEN = "(hidden)"
_WORDS = "pass(?:word|wd|phrase)?|secret|token|api[-_]?key|private[-_]?key|credential|authori[sz]ation|cookie|session"
_NAME = re.compile(_WORDS, re.IGNORECASE)
# All repetitions have an end: what a hostile service answers must not be thought about for hours.
_PAIR = re.compile(
    rf"(?i)((?:{_WORDS})[\w.-]{{0,40}}[\"']?\s{{0,8}}[=:]\s{{0,8}})"
    r"(\"[^\"]{0,4000}\"|'[^']{0,4000}'|[^\s,;&<>}]{1,4000})"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s{1,8}[\w.~+/=-]{8,4000}")
_LOGIN = re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^\s/@]{1,400}@")


def data(value: Any, *, secret: bool = False) -> Any:
    """Return JSON-like data in which all text below a secret name is hidden; numbers stay, they are counts."""
    if isinstance(value, Mapping):
        return {key: data(item, secret=secret or bool(_NAME.search(str(key)))) for key, item in value.items()}
    if isinstance(value, list):
        return [data(item, secret=secret) for item in value]
    if isinstance(value, str):
        return HIDDEN if secret else text(value)
    return value


def text(written: str) -> str:
    """Return a text in which what is written behind a secret name, and every login of an address, is hidden."""
    found = _BEARER.sub(lambda match: f"{match[1]} {HIDDEN}", written)
    return _PAIR.sub(lambda match: match[1] + HIDDEN, _LOGIN.sub(rf"\1{HIDDEN}@", found))


def address(url: str) -> str:
    """Return an address without login and without the values of its query."""
    parts = urllib.parse.urlsplit(url)
    names = [name for name, _ in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)]
    query = "&".join(f"{name}=…" for name in names)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))
