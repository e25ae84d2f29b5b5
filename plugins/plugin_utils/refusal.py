"""The one error an operator sees before anything has changed."""

from __future__ import annotations


class Refusal(Exception):
    """Input that cannot be acted on: what was found, what would be right, what to type next.

    Raised before the first change; `str()` of it is the sentence for the operator.
    """

    def __init__(self, found: str, wanted: str = "", next_step: str = "") -> None:
        """Join the three parts into one line that ends in a full stop."""
        self.found, self.wanted, self.next_step = found, wanted, next_step
        parts = [found, f"wanted: {wanted}" if wanted else "", f"next: {next_step}" if next_step else ""]
        super().__init__("; ".join(part for part in parts if part))
