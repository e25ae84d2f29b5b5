"""The order of gates: `after` names those that run before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from .errors import DefinitionError


def parse(raw: Any, where: str) -> tuple[str, ...]:
    """Return the names that a definition gives in `after`; raises `DefinitionError`."""
    if not isinstance(raw, list) or not all(isinstance(name, str) for name in raw):
        raise DefinitionError(where, f"is {raw!r}", "a list of names of gates")
    return tuple(raw)


def check(after: Mapping[str, Sequence[str]]) -> None:
    """Raise `DefinitionError` for a gate after one that is unknown, or after itself by whatever way."""
    for gate, names in after.items():
        unknown = [name for name in names if name not in after]
        if unknown:
            allowed = f"one of {', '.join(name for name in after if name != gate)}"
            raise DefinitionError(f"gate {gate}, key after,", f"names {unknown[0]!r}, which is no gate", allowed)
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        circle = " after ".join(reversed(error.args[1]))
        wanted = "an order in which every gate has its turn"
        raise DefinitionError(f"gate {error.args[1][-1]}, key after,", f"runs in a circle: {circle}", wanted) from error
