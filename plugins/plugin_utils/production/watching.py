"""How a new release in production is watched: the variable `environment_watch`, checked here, obeyed by the host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils.host.watch.settings import DEFAULTS, RANGES, TRIGGERS
from ..refusal import Refusal
from ..shapes import known_keys


def checked(raw: Any, where: str) -> dict[str, Any]:
    """Return the settings with all defaults; a trigger that is `false` is off. Raises `Refusal` that names the key."""
    if not isinstance(raw, Mapping):
        raise Refusal(f"{where} is {type(raw).__name__}", f"a mapping with {', '.join(DEFAULTS)}")
    known_keys(raw, DEFAULTS, where)
    found = {key: _number(raw.get(key, default), key, where) for key, default in DEFAULTS.items() if key != "triggers"}
    given = raw.get("triggers") or {}
    if not isinstance(given, Mapping):
        raise Refusal(f"{where}.triggers is {given!r}", f"a mapping with {', '.join(TRIGGERS)}")
    known_keys(given, TRIGGERS, f"{where}.triggers")
    triggers = {name: _trigger(given.get(name), name, f"{where}.triggers.{name}") for name in TRIGGERS}
    if not any(triggers.values()):
        raise Refusal(f"{where}.triggers are all off", f"at least one of {', '.join(TRIGGERS)}")
    return {**found, "triggers": triggers}


def _trigger(raw: Any, name: str, where: str) -> dict[str, float] | None:
    defaults: Mapping[str, float] = TRIGGERS[name]
    if raw is False:
        return None
    if raw is None or raw is True:
        return dict(defaults)
    if not isinstance(raw, Mapping):
        raise Refusal(f"{where} is {raw!r}", f"a mapping with {', '.join(defaults)}, or false")
    known_keys(raw, defaults, where)
    return {key: _number(raw.get(key, default), key, where) for key, default in defaults.items()}


def _number(value: Any, key: str, where: str) -> float:
    low, high = RANGES[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise Refusal(f"{where}.{key} is {value!r}", f"a number from {low:g} to {high:g}")
    return value
