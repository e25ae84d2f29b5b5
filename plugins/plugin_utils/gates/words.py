"""What was found, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .definition import Gate


def found_in_words(gate: Gate, found: Mapping[str, Any]) -> str:
    """Return what was found as a person says it: `76 % (120 statements)`."""
    if found["verdict"] == "inconclusive":
        return "inconclusive"
    if found["statement"]:
        return str(found["statement"])
    examined = f"({_counted(found['examined'], gate.of)})" if gate.of else ""
    return " ".join(f"{_counted(found['found'], gate.unit)} {examined}".split())


def _counted(number: float, noun: str) -> str:
    """Return a number with its noun, in the singular where there is one: `1 breaking change`."""
    if number == 1 and " and " not in noun:
        noun = re.sub(r"s\b", "", noun, count=1)
    return f"{number:g} {noun}"
