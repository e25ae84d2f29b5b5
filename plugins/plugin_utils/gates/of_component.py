"""What gates know of the component that an operation is about, with its files or without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OfComponent:
    """A component, as the fact `operation` has it."""

    operation: Mapping[str, Any]

    @property
    def component(self) -> str:
        """The component's name."""
        return str(self.operation["component"])

    @property
    def entry(self) -> Mapping[str, Any]:
        """The component's catalogue entry."""
        entry: Mapping[str, Any] = self.operation["entry"]
        return entry

    @property
    def settings(self) -> Mapping[str, Any]:
        """The catalogue's `monorepo` block."""
        settings: Mapping[str, Any] = self.operation["settings"]
        return settings
