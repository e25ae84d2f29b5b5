"""Gate definitions: data from the catalogue of gates, checked completely before anything runs."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from . import baseline as baselines
from . import checks, order
from . import objective as objectives
from .checks import IndicatorType
from .criteria import Criterion
from .errors import DefinitionError
from .gate import Gate as Gate
from .tokens import check_tokens

DEFAULT_SECONDS = 120
LONGEST_SECONDS = 3600
MOST_CORES = 64
LONGEST_VALID_HOURS = 24 * 366
REQUIRED = ("name", "criterion", "indicator", "measure", "examined", "objective", "remedy")
# Where an indicator's document says it in the usual place, a gate need not.
_EXPRESSIONS = {"measure": "", "examined": "", "findings": "findings", "problems": "problems", "statement": "statement"}
_PLAIN = {"unit": str, "of": str, "remedy": str, "by_hand": list, "attested": bool}
_RANGES = {"seconds": (1, LONGEST_SECONDS), "weight": (1, MOST_CORES), "valid_hours": (1, LONGEST_VALID_HOURS)}
KEYS = (*REQUIRED, *list(_EXPRESSIONS)[2:], *_PLAIN, *_RANGES, "warning", "baseline", "after")
# A gate's name is a folder of the evidence, and one of several on a command line.
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}", re.ASCII)


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
    order.check({gate.name: gate.after for gate in gates})
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
    if not _NAME.fullmatch(name):
        wanted = "a letter, then letters, digits, - and _, all of them small, 63 at most"
        raise DefinitionError(f"gate number {number}, key name,", f"is {name!r}", wanted)
    where = f"gate {name}"
    checks.only_known(raw, KEYS, where)
    for key in REQUIRED:
        if raw.get(key) in (None, ""):
            raise DefinitionError(where, f"has no {key}", f"all of {', '.join(REQUIRED)}")
    known = [criterion.name for criterion in criteria]
    if raw["criterion"] not in known:
        raise DefinitionError(f"{where}, key criterion,", f"is {raw['criterion']!r}", f"one of {', '.join(known)}")
    for key, kind in _PLAIN.items():
        if key in raw and not isinstance(raw[key], kind):
            raise DefinitionError(f"{where}, key {key},", f"is {raw[key]!r}", _KINDS[kind])
    for key, (least, most) in _RANGES.items():
        if key in raw and (type(raw[key]) is not int or not least <= raw[key] <= most):
            raise DefinitionError(f"{where}, key {key},", f"is {raw[key]!r}", f"a whole number from {least} to {most}")
    checks.indicator(raw["indicator"], indicators, where)
    check_tokens(raw.get("by_hand", []), f"{where}, key by_hand,")
    objective = objectives.parse(raw["objective"], f"{where}, key objective,")
    warning = objectives.parse(raw["warning"], f"{where}, key warning,") if "warning" in raw else None
    expressions = {key: checks.expression(raw.get(key, default), where, key) for key, default in _EXPRESSIONS.items()}
    return Gate(
        name=name,
        criterion=raw["criterion"],
        indicator=raw["indicator"],
        objective=objective,
        warning=warning,
        baseline=_baseline(raw, objective, warning, where),
        remedy=raw["remedy"],
        unit=raw.get("unit", ""),
        of=raw.get("of", ""),
        by_hand=tuple(raw.get("by_hand", ())),
        seconds=raw.get("seconds", DEFAULT_SECONDS),
        attested=raw.get("attested", False),
        after=order.parse(raw.get("after", []), f"{where}, key after,"),
        weight=raw.get("weight", 1),
        valid_hours=raw.get("valid_hours"),
        sha256=digest(raw),
        **expressions,
    )


_KINDS = {str: "text", bool: "true or false", list: "a list of arguments"}


def _baseline(
    raw: Mapping[str, Any], objective: objectives.Objective, warning: objectives.Objective | None, where: str
) -> baselines.How:
    if "baseline" not in raw:
        return baselines.How()
    if not objective.is_relative and not (warning and warning.is_relative):
        wanted = "a baseline only beside an objective or a warning with a sign, such as '<= +10%'"
        raise DefinitionError(f"{where}, key baseline,", "has nothing that is compared with it", wanted)
    return baselines.parse(raw["baseline"], f"{where}, key baseline,")
