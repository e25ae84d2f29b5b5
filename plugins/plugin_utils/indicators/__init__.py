"""Indicators: the few typed ways in which gates measure. One class a file; this is the list of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .indicator import Indicator

# The module of each type; the class in it has the same name with a capital. Only those that a run has gates of are
# imported: some need libraries that take longer to load than a verdict takes to be taken over.
_TYPES = (
    "approval",
    "blockers",
    "calendar",
    "command",
    "compose",
    "container",
    "dependencies",
    "deployed",
    "document",
    "http",
    "integration",
    "ledger",
    "prometheus",
    "readme",
    "tests",
)


class _Known(Mapping[str, "type[Indicator]"]):
    """The classes by their type, each imported when it is asked for."""

    def __getitem__(self, kind: str) -> type[Indicator]:
        if kind not in _TYPES:
            raise KeyError(kind)
        found: type[Indicator] = getattr(import_module(f".{kind}", __name__), kind.capitalize())
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_TYPES)

    def __len__(self) -> int:
        return len(_TYPES)

    def __contains__(self, kind: object) -> bool:
        return kind in _TYPES


KNOWN: Mapping[str, type[Indicator]] = _Known()
