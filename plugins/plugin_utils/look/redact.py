"""Take secrets out of everything that is printed, in the spellings that output gives them."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SHORTEST = 4
"""Shorter values occur by chance everywhere; hiding them would hide the output and show their length."""

ANYWHERE = 8
"""From this length on a value is hidden inside of words too; a shorter one only where it stands alone."""

MASK = "***"

# ports, addresses, switches and levels lie among the secrets of an environment file; they are in everything that is
# printed for people to use, and hiding them would hide nothing
_HARMLESS = re.compile(
    r"\d{1,5}|\d{1,3}(\.\d{1,3}){3}|localhost|true|false|none|null|debug|info|warn|warning|error"
    r"|development|staging|production",
    re.IGNORECASE,
)


def leaves(value: object) -> list[str]:
    """All strings and numbers of a nested value, as text."""
    if isinstance(value, Mapping):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [leaf for item in value for leaf in leaves(item)]
    return [] if value is None or isinstance(value, bool | bytes) else [str(value)]


def spellings(secret: str) -> set[str]:
    """The secret, and its single lines, as JSON, YAML, Python, a shell, a URL and base64 would write it.

    Results quote each other's output (a Python repr inside JSON), so the quoting is applied twice.
    """
    texts = {secret, *secret.splitlines()}
    found = {
        spelling
        for text in texts
        for spelling in (
            text.strip(),
            urllib.parse.quote(text),
            urllib.parse.quote(text, safe=""),
            urllib.parse.quote_plus(text),
            base64.b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii"),
        )
    }
    once = {spelling for text in texts for spelling in _quoted(text)}
    found |= texts | once | {spelling for text in once for spelling in _quoted(text)}
    return {spelling for spelling in found if len(spelling) >= SHORTEST}


def _quoted(text: str) -> set[str]:
    single = repr(text + "'\"")[1:-1].removesuffix("\\'\"")  # both quotes inside: Python takes single ones outside
    return {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        single,
        single.replace("\\'", "'"),
        text.replace("'", "''"),
        text.replace("'", "'\"'\"'"),
    }


class Redactor:
    """Replaces known secrets by ``***``."""

    def __init__(self) -> None:
        """Know nothing."""
        self._secrets: set[str] = set()
        self._plain: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, secrets: Iterable[str]) -> None:
        """Hide these from now on, but for those that are too short or harmless."""
        self._secrets |= {
            secret for secret in secrets if len(secret.strip()) >= SHORTEST and not _HARMLESS.fullmatch(secret)
        }
        self._compile()

    def leave(self, names: Iterable[str]) -> None:
        """Names of hosts, groups and components: a value that is one of them is no secret, and the output needs it."""
        self._plain |= set(names)
        self._compile()

    def _compile(self) -> None:
        known = {spelling for secret in self._secrets - self._plain for spelling in spellings(secret)}
        # the longest first: a secret that begins with another one must not leave its tail behind
        ordered = sorted(known, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_found, ordered))) if known else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def value(self, value: Any) -> Any:
        """A nested value whose strings, keys too, are without secrets."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.value(key): self.value(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(item) for item in value]
        return value


def _found(spelling: str) -> str:
    text = re.escape(spelling)
    return text if len(spelling) >= ANYWHERE else rf"(?<!\w){text}(?!\w)"
