"""Gate definitions: data from the catalogue of gates, checked completely before anything runs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jmespath
import jmespath.exceptions

from . import objective as objectives
from .criteria import Criterion
from .errors import DefinitionError
from .tokens import check_tokens

DEFAULT_SECONDS = 120
LONGEST_SECONDS = 3600
REQUIRED = ("name", "criterion", "indicator", "measure", "examined", "objective", "remedy")
# Where an indicator's document says it in the usual place, a gate need not.
_EXPRESSIONS = {"measure": "", "examined": "", "findings": "findings", "problems": "problems", "statement": "statement"}
_PLAIN = {"unit": str, "of": str, "remedy": str, "by_hand": list, "seconds": int, "attested": bool}
KEYS = (*REQUIRED, "findings", "problems", "statement", "unit", "of", "by_hand", "seconds", "attested")


class IndicatorType(Protocol):
    """What the definitions need to know about a type of indicator."""

    keys: tuple[str, ...]

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Raise `DefinitionError` for parameters that cannot be right."""


@dataclass(frozen=True)
class Gate:
    """One checked definition. The five expressions are JMESPath over the indicator's document.

    `measure` gives the number, `examined` how much was looked at (a list counts its items), `findings` sentences for
    the operator, `problems` sentences that make the verdict inconclusive, `statement` what to say for the number.
    """

    name: str
    criterion: str
    indicator: Mapping[str, Any]
    measure: str
    examined: str
    objective: objectives.Objective
    remedy: str
    findings: str
    problems: str
    statement: str
    unit: str
    of: str
    by_hand: tuple[str, ...]
    seconds: int
    attested: bool
    sha256: str


def check(definitions: Any, criteria: Sequence[Criterion], indicators: Mapping[str, IndicatorType]) -> list[Gate]:
    """Return the gates; raises `DefinitionError` with one sentence for the first thing that cannot be right.

    `indicators` maps the known types of indicators to what checks their parameters.
    """
    if not isinstance(definitions, list) or not definitions:
        raise DefinitionError("the catalogue of gates", "has no gates", "a list of gate definitions")
    gates = [_gate(raw, number, criteria, indicators) for number, raw in enumerate(definitions, start=1)]
    name, times = Counter(gate.name for gate in gates).most_common(1)[0]
    if times > 1:
        raise DefinitionError(f"gate {name}", f"is defined {times} times", "one gate of each name")
    for criterion in criteria:
        if not any(gate.criterion == criterion.name for gate in gates):
            raise DefinitionError(f"criterion {criterion.name}", "has no gate", "at least one gate for each criterion")
    return gates


def digest(raw: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a definition, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _gate(raw: Any, number: int, criteria: Sequence[Criterion], indicators: Mapping[str, IndicatorType]) -> Gate:
    if not isinstance(raw, dict):
        raise DefinitionError(f"gate number {number}", f"is {raw!r}", "a mapping")
    name = raw.get("name")
    if not isinstance(name, str) or not name:
        raise DefinitionError(f"gate number {number}", "has no name", "a name in `name`")
    where = f"gate {name}"
    _only_known(raw, KEYS, where)
    for key in REQUIRED:
        if raw.get(key) in (None, ""):
            raise DefinitionError(where, f"has no {key}", f"all of {', '.join(REQUIRED)}")
    known = [criterion.name for criterion in criteria]
    if raw["criterion"] not in known:
        raise DefinitionError(f"{where}, key criterion,", f"is {raw['criterion']!r}", f"one of {', '.join(known)}")
    for key, kind in _PLAIN.items():
        if key in raw and (not isinstance(raw[key], kind) or (kind is int and isinstance(raw[key], bool))):
            raise DefinitionError(f"{where}, key {key},", f"is {raw[key]!r}", _KINDS[kind])
    seconds = raw.get("seconds", DEFAULT_SECONDS)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise DefinitionError(f"{where}, key seconds,", f"is {seconds}", f"1 to {LONGEST_SECONDS}")
    _check_indicator(raw["indicator"], indicators, where)
    check_tokens(raw.get("by_hand", []), f"{where}, key by_hand,")
    expressions = {key: _expression(raw.get(key, default), where, key) for key, default in _EXPRESSIONS.items()}
    return Gate(
        name=name,
        criterion=raw["criterion"],
        indicator=raw["indicator"],
        objective=objectives.parse(raw["objective"], f"{where}, key objective,"),
        remedy=raw["remedy"],
        unit=raw.get("unit", ""),
        of=raw.get("of", ""),
        by_hand=tuple(raw.get("by_hand", ())),
        seconds=seconds,
        attested=raw.get("attested", False),
        sha256=digest(raw),
        **expressions,
    )


_KINDS = {str: "text", int: "a whole number", bool: "true or false", list: "a list of arguments"}


def _check_indicator(raw: Any, indicators: Mapping[str, IndicatorType], where: str) -> None:
    if not isinstance(raw, dict):
        raise DefinitionError(f"{where}, key indicator,", f"is {raw!r}", "a mapping with a `type`")
    if raw.get("type") not in indicators:
        allowed = f"one of {', '.join(sorted(indicators))}"
        raise DefinitionError(f"{where}, key indicator.type,", f"is {raw.get('type')!r}", allowed)
    kind = indicators[raw["type"]]
    _only_known(raw, ("type", *kind.keys), f"{where}, key indicator,")
    kind.check(raw, f"{where}, key indicator")


def _expression(text: Any, where: str, key: str) -> str:
    try:
        jmespath.compile(text)
    except (jmespath.exceptions.JMESPathError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split("\n")[0].split())
        raise DefinitionError(f"{where}, key {key},", f"is {text!r}: {reason}", "a JMESPath expression") from error
    return str(text)


def _only_known(raw: Mapping[Any, Any], known: Iterable[str], where: str) -> None:
    unknown = sorted(str(key) for key in raw if key not in tuple(known))
    if unknown:
        raise DefinitionError(where, f"has the unknown key {unknown[0]}", f"one of {', '.join(sorted(known))}")
