"""Boxes of a MATURITY.md that somebody ticked, and that no evidence shows."""

from __future__ import annotations

from collections.abc import Mapping

from . import fields
from .parse import parse


def unproven(text: str, proven: Mapping[str, frozenset[str]], name: str = "MATURITY.md") -> list[str]:
    """Return the texts of criteria that are ticked without evidence.

    ``proven``: stage ("Staging", "Production") → criteria that a promotion in the ledger has shown, or that were just
    judged. ``MaturityError`` for a file that cannot be understood.
    """
    read = parse(text, name)
    found = []
    for stage, criteria in (("Staging", read.criteria), ("Production", read.to_production)):
        shown = proven.get(stage, frozenset())
        found += [fields.CRITERIA[stage][key][1] for key, box in criteria.items() if box.ticked and key not in shown]
    return found
