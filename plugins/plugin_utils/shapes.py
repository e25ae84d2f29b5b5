"""The shapes of what is declared in the catalogue: known keys, defaults, types, paths inside the monorepo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from .refusal import Refusal

_SHAPES: dict[type, str] = {dict: "mapping", list: "list", str: "text"}


def complete(raw: Any, defaults: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return a mapping with every key of `defaults`; raises `Refusal` for an unknown key or another type."""
    if not isinstance(raw, dict):
        raise Refusal(f"{where} is {type(raw).__name__}", "a mapping")
    known_keys(raw, defaults, where)
    filled = {}
    for key, default in defaults.items():
        value = raw.get(key)
        if value is None:
            value = default.copy() if isinstance(default, (dict, list)) else default
        elif default is not None and not isinstance(value, type(default)):
            raise Refusal(f"{where}.{key} is {value!r}", f"a {_SHAPES[type(default)]}")
        filled[key] = value
    return filled


def known_keys(raw: Mapping[Any, Any], known: Iterable[str], where: str) -> None:
    """Raise `Refusal` for the first key that is not known."""
    unknown = sorted(str(key) for key in raw if key not in set(known))
    if unknown:
        raise Refusal(f"{where} has the unknown key {unknown[0]}", f"one of {', '.join(sorted(known))}")


def require_inside(paths: Iterable[Any], where: str) -> None:
    """Raise `Refusal` for a path that is no text, is absolute or leaves the monorepo, or reads as an option."""
    for path in paths:
        if not isinstance(path, str) or not path:
            raise Refusal(f"{where} names {path!r}", "a path inside the monorepo")
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or path.startswith("-"):
            raise Refusal(f"{where} names {path}", "a path inside the monorepo")
