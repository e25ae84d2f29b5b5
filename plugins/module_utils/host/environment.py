"""An environment file as Compose reads it: its keys, its keyed hash, and its values hidden wherever they turn up.

Values never leave this module: what is recorded is the names and an HMAC whose key stays on the host.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Any, Dict, Iterable, List, Pattern, Tuple

from . import files
from .errors import HostError

_KEY_BYTES = 64  # as text, in hexadecimal

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)")
_QUOTED = re.compile(r"""(?:'([^']*)'|"((?:[^"\\]|\\.)*)")\s*(?:#.*)?""")
_HARMLESS = re.compile(
    r"\d{1,5}|true|false|yes|no|on|off|none|null|info|debug|warn|warning|error|staging|production", re.I
)
_ANYWHERE = 8


def parse(data: bytes) -> Dict[str, str]:
    """Return the variables of an environment file, unquoted."""
    values: Dict[str, str] = {}
    for line in data.decode("utf-8", "replace").splitlines():
        match = _LINE.fullmatch(line)
        if match and not line.lstrip().startswith("#"):
            values[match[1]] = _unquoted(match[2].strip())
    return values


def _unquoted(text: str) -> str:
    match = _QUOTED.fullmatch(text)
    if match is None:
        return re.split(r"\s+#", text, maxsplit=1)[0].rstrip()
    if match[1] is not None:
        return match[1]
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1]), match[2])


def read_key(path: Path) -> bytes:
    """Return this host's key, made at the first use and readable by its owner alone."""
    if not path.exists():
        files.make_folder(path.parent)
        files.write(path, secrets.token_hex(_KEY_BYTES // 2).encode(), 0o600)
    with files.explained(path):
        key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise HostError(
            f"{path} is damaged: it has {len(key)} bytes of {_KEY_BYTES}; put it back from a copy, or remove it"
        )
    return key


def keyed_hash(key: bytes, data: bytes) -> str:
    """Return the HMAC-SHA256 of an environment file."""
    return hmac.new(key, data, hashlib.sha256).hexdigest()


class Veil:
    """Hides the values of an environment file in text that a person will see.

    Long values are hidden anywhere. Short ones only where they stand alone, and not when they are a common word, a
    small number, or one of ``plain`` (names of components, services and environments): hiding those would hide
    nothing and make every text unreadable.
    """

    def __init__(self, values: Dict[str, str], plain: Iterable[str] = ()) -> None:
        """Take the values to hide, by name, and the words to leave."""
        open_words = {word.lower() for word in plain}
        self._rules: List[Tuple[Pattern[str], str]] = []
        for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
            if len(value) < 3 or value.lower() in open_words or _HARMLESS.fullmatch(value):
                continue
            forms = {value, value.replace("$", "$$"), value.replace("\\", "\\\\").replace('"', '\\"')}
            found = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
            alone = found if len(value) >= _ANYWHERE else rf"(?<![A-Za-z0-9_])(?:{found})(?![A-Za-z0-9_])"
            self._rules.append((re.compile(alone), f"<{name}>"))

    def over(self, text: str) -> str:
        """Return ``text`` with the values replaced by the names of their variables."""
        for pattern, name in self._rules:
            text = pattern.sub(lambda _, name=name: name, text)  # type: ignore[misc]
        return text


def masked(document: Any, values: Dict[str, str]) -> Any:
    """Return ``document`` with every value replaced by its variable's name, so that a hash tells nothing of values."""
    pairs = sorted(
        ((value, name) for name, value in values.items() if value), key=lambda pair: (-len(pair[0]), pair[1])
    )

    def mask(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: mask(value) for key, value in node.items()}
        if isinstance(node, list):
            return [mask(value) for value in node]
        if isinstance(node, str):
            for value, name in pairs:
                node = node.replace(value.replace("$", "$$"), f"\0{name}\0")
        return node

    return mask(document)
