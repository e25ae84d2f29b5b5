"""Checks of a definition's parts; each raises `DefinitionError` for the first thing that cannot be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import jmespath
import jmespath.exceptions

from .errors import DefinitionError


class IndicatorType(Protocol):
    """What the definitions need to know about a type of indicator."""

    keys: tuple[str, ...]

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Raise `DefinitionError` for parameters that cannot be right."""


def indicator(raw: Any, indicators: Mapping[str, IndicatorType], where: str) -> None:
    """Raise unless a definition's indicator is of a known type, whose own check finds its parameters right."""
    if not isinstance(raw, dict):
        raise DefinitionError(f"{where}, key indicator,", f"is {raw!r}", "a mapping with a `type`")
    if raw.get("type") not in indicators:
        allowed = f"one of {', '.join(sorted(indicators))}"
        raise DefinitionError(f"{where}, key indicator.type,", f"is {raw.get('type')!r}", allowed)
    kind = indicators[raw["type"]]
    only_known(raw, ("type", *kind.keys), f"{where}, key indicator,")
    kind.check(raw, f"{where}, key indicator")


def expression(text: Any, where: str, key: str) -> str:
    """Return a JMESPath expression; raises for anything else."""
    try:
        jmespath.compile(text)
    except (jmespath.exceptions.JMESPathError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split("\n")[0].split())
        raise DefinitionError(f"{where}, key {key},", f"is {text!r}: {reason}", "a JMESPath expression") from error
    return str(text)


def only_known(raw: Mapping[Any, Any], known: Iterable[str], where: str) -> None:
    """Raise for a key that is not known."""
    unknown = sorted(str(key) for key in raw if key not in tuple(known))
    if unknown:
        raise DefinitionError(where, f"has the unknown key {unknown[0]}", f"one of {', '.join(sorted(known))}")
