"""Objectives: what a measured number must reach, such as `>= 70` or `== 0`.

A missing or non-finite number is nobody's number: `reached` refuses it instead of reading it as 0.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import DefinitionError

_COMPARATORS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_WORDS = {"==": "", ">=": "at least ", "<=": "at most ", ">": "more than ", "<": "less than "}
_GRAMMAR = re.compile(r"\s*(?P<comparator>==|>=|<=|>|<)\s*(?P<threshold>-?[0-9]{1,15}(?:\.[0-9]{1,15})?)\s*", re.ASCII)
_UPWARD = frozenset({">=", ">"})
_DOWNWARD = frozenset({"<=", "<"})
ALLOWED = "a comparison with a number, such as '>= 70', '== 0' or '< 500'"


@dataclass(frozen=True)
class Objective:
    """One comparison with a constant."""

    comparator: str
    threshold: float

    @property
    def text(self) -> str:
        """The objective as it is written in a catalogue."""
        return f"{self.comparator} {self.threshold:g}"

    def reached(self, number: float) -> bool:
        """Say whether a finite number reaches the objective; raises `ValueError` for any other."""
        if not is_number(number):
            raise ValueError(f"{number!r} is no finite number")
        return _COMPARATORS[self.comparator](number, self.threshold)

    def in_words(self, unit: str = "") -> str:
        """Return the objective as a person says it: `at least 70 %`."""
        return " ".join(f"{_WORDS[self.comparator]}{self.threshold:g} {unit}".split())

    def admits_no_more_than(self, other: Objective) -> bool:
        """Say whether every number that reaches this one reaches `other` too: this one is as strict, or stricter."""
        if self.comparator == "==":
            return other.reached(self.threshold)
        for direction, tighter in ((_UPWARD, operator.gt), (_DOWNWARD, operator.lt)):
            if self.comparator in direction and other.comparator in direction:
                same = self.threshold == other.threshold
                or_equal = len(self.comparator) == 2 and len(other.comparator) == 1
                return tighter(self.threshold, other.threshold) or (same and not or_equal)
        return False


def parse(text: Any, where: str) -> Objective:
    """Return the objective that `text` writes; `where` (file, gate, key) is named when it is none."""
    match = _GRAMMAR.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise DefinitionError(where, f"is {text!r}", ALLOWED)
    return Objective(match["comparator"], float(match["threshold"]))


def is_number(value: Any) -> bool:
    """Say whether a value is a finite number; a truth value is none, neither is text that looks like one."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
