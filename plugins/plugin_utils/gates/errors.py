"""The error of a gate definition that cannot be right."""

from __future__ import annotations

from ..refusal import Refusal


class DefinitionError(Refusal):
    """A gate definition that cannot be judged: where it is, what it says, what is allowed there."""

    def __init__(self, where: str, found: str, allowed: str = "") -> None:
        """Name the place (`gate lint, key objective`), what stands there and what may stand there."""
        super().__init__(f"{where} {found}", allowed, "correct quality_gates_catalogue or environment_gates")
