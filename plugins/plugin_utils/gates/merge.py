"""Gates of an inventory: they may add to the catalogue, replace a gate by one as strict, or tighten it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import objective as objectives
from .errors import DefinitionError

# What an inventory may change of a gate that the catalogue has, besides making its objective stricter.
_FREE = frozenset({"name", "objective", "remedy", "seconds", "by_hand", "unit", "of"})


def merged(catalogue: Sequence[Mapping[str, Any]], extra: Any) -> list[dict[str, Any]]:
    """Return the catalogue's gates with those of an inventory; raises `DefinitionError` for one that loosens.

    A gate of a name that the catalogue has changes the keys that it gives; every other gate is added.
    """
    if not isinstance(extra, list) or not all(isinstance(gate, dict) for gate in extra):
        raise DefinitionError("environment_gates", f"is {extra!r}", "a list of gate definitions")
    gates = {str(gate.get("name")): dict(gate) for gate in catalogue}
    for given in extra:
        name = str(given.get("name"))
        if name in gates:
            _require_no_looser(gates[name], given)
        gates[name] = {**gates.get(name, {}), **given}
    return list(gates.values())


def _require_no_looser(known: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    where = f"gate {known['name']} in environment_gates"
    changed = sorted(key for key in given if key not in _FREE and given[key] != known.get(key))
    if changed:
        allowed = f"{', '.join(sorted(_FREE))}, or a gate of another name beside it"
        raise DefinitionError(where, f"changes {changed[0]}, which may measure something else", allowed)
    if "objective" in given:
        new = objectives.parse(given["objective"], f"{where}, key objective,")
        old = objectives.parse(known["objective"], f"gate {known['name']}, key objective,")
        if not new.admits_no_more_than(old):
            raise DefinitionError(
                where, f"loosens the objective from {old.text!r} to {new.text!r}", f"{old.text!r} or stricter"
            )
