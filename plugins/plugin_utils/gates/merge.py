"""Gates of an inventory: they may add to the catalogue, replace a gate by one as strict, or tighten it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import baseline as baselines
from . import objective as objectives
from .errors import DefinitionError

# What an inventory may change of a gate that the catalogue has, besides making its objective stricter.
_FREE = frozenset(
    {"name", "remedy", "seconds", "by_hand", "unit", "of", "after", "weight"}
    | {"objective", "warning", "baseline", "valid_hours"}  # and those only as strict or stricter
)


def merged(catalogue: Sequence[Mapping[str, Any]], extra: Any) -> list[dict[str, Any]]:
    """Return the catalogue's gates with those of an inventory; raises `DefinitionError` for one that loosens.

    A gate of a name that the catalogue has changes the keys that it gives; every other gate is added.
    """
    if not isinstance(extra, list) or not all(isinstance(gate, dict) for gate in extra):
        raise DefinitionError("environment_gates", f"is {extra!r}", "a list of gate definitions")
    known = {str(gate.get("name")): dict(gate) for gate in catalogue}
    changed: dict[str, dict[str, Any]] = {}
    for given in extra:
        name = given.get("name")
        if not isinstance(name, str) or not name:
            raise DefinitionError("environment_gates", f"has a gate without a name: {given!r}", "a name in `name`")
        if name in changed:
            raise DefinitionError("environment_gates", f"has the gate {name} twice", "one gate of each name")
        if name in known:
            _require_no_looser(known[name], given)
        changed[name] = {**known.get(name, {}), **given}
    return list({**known, **changed}.values())


def _require_no_looser(known: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    where = f"gate {known['name']} in environment_gates"
    changed = sorted(key for key in given if key not in _FREE and given[key] != known.get(key))
    if changed:
        allowed = f"{', '.join(sorted(_FREE))}, or a gate of another name beside it"
        raise DefinitionError(where, f"changes {changed[0]}, which may measure something else", allowed)
    _require_as_strict({**known, **given}, known, where)


def _require_as_strict(new: Mapping[str, Any], old: Mapping[str, Any], where: str) -> None:
    """Raise unless whatever passes the new gate is known to pass the old one: by its objective or by its warning."""
    objective, was = _objective(new, "objective", where), _objective(old, "objective", where)
    warning, warned = _objective(new, "warning", where), _objective(old, "warning", where)
    if not (objective and was):
        raise DefinitionError(where, "has no objective", "an objective such as '>= 70'")
    if not objective.admits_no_more_than(was):
        raise _loosened(where, "objective", was.text, objective.text)
    if warning and not warning.admits_no_more_than(was) and not _is_as_strict(warning, warned):
        raise _loosened(where, "warning", warned.text if warned else None, warning.text)
    if (was.is_relative or (warned and warned.is_relative)) and _baseline(new, where) != _baseline(old, where):
        raise DefinitionError(where, f"compares with another baseline: {new.get('baseline')!r}", "the same baseline")
    hours, before = new.get("valid_hours"), old.get("valid_hours")
    if before is not None and (type(hours) is not int or hours > before):
        raise DefinitionError(where, f"lets a pass be worth {hours!r} hours", f"{before} hours or fewer")


def _is_as_strict(warning: objectives.Objective, warned: objectives.Objective | None) -> bool:
    """Say whether a warning lets through no more than the one before (mute without baseline if it only compares)."""
    if warned is None or (warning.stands_alone and not warned.stands_alone):
        return False
    return warning.admits_no_more_than(warned)


def _objective(gate: Mapping[str, Any], key: str, where: str) -> objectives.Objective | None:
    return objectives.parse(gate[key], f"{where}, key {key},") if key in gate else None


def _baseline(gate: Mapping[str, Any], where: str) -> baselines.How:
    return baselines.parse(gate.get("baseline", {}), f"{where}, key baseline,")


def _loosened(where: str, key: str, old: str | None, new: str) -> DefinitionError:
    before = repr(old) if old else "none"
    return DefinitionError(where, f"loosens the {key} from {before} to {new!r}", f"{before} or stricter")
