"""How a component is changed while it serves: `strategy` and `blue_green` of the catalogue and of group_vars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils.host import settings
from ..module_utils.host.errors import UsageError
from .refusal import Refusal
from .shapes import known_keys

_EXAMPLES: dict[str, str] = {
    "drain": "seconds from 0 to 86400, such as 30",
    "warm": "seconds from 0 to 604800, such as 900",
    "probes": "requests a second from 0 to 200, such as 20",
    "http": "a list of container ports, such as [9090]",
    "shares": "a list of volumes and folders, such as [uploads]",
    "image": "the name of an image with HAProxy",
    "base": "the name of an image of Debian's, such as debian:bookworm-slim",
}


def blue_green(raw: Any, where: str) -> dict[str, Any]:
    """Return the settings that were given, checked; raises `Refusal` that names the key and what it may be.

    Only what was given: the host fills in the rest, the catalogue's entry wins over the environment.
    """
    if not isinstance(raw, Mapping):
        raise Refusal(f"{where} is {type(raw).__name__}", "a mapping, such as {drain: 30, warm: 900}")
    known_keys(raw, _EXAMPLES, where)
    given = {str(key): value for key, value in raw.items() if value is not None}
    for key, value in given.items():
        if not _fits(key, value):
            raise Refusal(f"{where}.{key} is {value!r}", _EXAMPLES[key])
    return given


def require_possible(kind: str, strategy: str, where: str) -> None:
    """Refuse blue-green for a component that keeps data: its volumes must never have two that write."""
    if kind == "stateful" and strategy == settings.BLUE_GREEN:
        raise Refusal(f"{where} is stateful and {strategy}", f"`strategy: {settings.STOP_FIRST}` for what keeps data")


def _fits(key: str, value: Any) -> bool:
    if key == "http":
        return isinstance(value, list) and all(_is_port(one) for one in value)
    if key == "shares":
        return isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    if key in ("image", "base"):
        return isinstance(value, str) and bool(value.strip()) and not value.startswith("-")
    try:
        settings.parse({key: value})
    except UsageError:
        return False
    return True


def _is_port(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 65536
