"""One comparison of an objective: with a number, or with what the baseline was."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

KINDS = ABSOLUTE, ADDED, PERCENT = "absolute", "added", "percent"
UPWARD, DOWNWARD = frozenset({">=", ">"}), frozenset({"<=", "<"})
STRICT = frozenset({">", "<", "=="})
_COMPARATORS: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
COMPARATORS = tuple(_COMPARATORS)
_WORDS = {"==": "", ">=": "at least ", "<=": "at most ", ">": "more than ", "<": "less than "}


class NotComparable(ValueError):
    """A baseline of which a percent bounds nothing: one sentence."""


@dataclass(frozen=True)
class Comparison:
    """`number` is what is written: a bound, or, with its sign, a change against the baseline (`kind`)."""

    comparator: str
    number: float
    kind: str = ABSOLUTE

    @property
    def text(self) -> str:
        """The comparison as it is written in a catalogue."""
        if self.kind == ABSOLUTE:
            return f"{self.comparator} {plain(self.number)}"
        return f"{self.comparator} {self._change}"

    @property
    def is_relative(self) -> bool:
        """Whether it needs a baseline."""
        return self.kind != ABSOLUTE

    def bound(self, baseline: float | None) -> float | None:
        """Return the number to compare with, None where there is no baseline for a relative one.

        Raises `NotComparable` where a percent of the baseline bounds nothing: it is negative, or it is 0 and the number
        has to be above it.
        """
        if self.kind == ABSOLUTE:
            return self.number
        if baseline is None:
            return None
        if self.kind == ADDED:
            return baseline + self.number
        if baseline < 0 or (baseline == 0 and self.comparator in UPWARD):
            raise NotComparable(f"{self._change} of a baseline of {_shown(baseline)} bounds nothing")
        return baseline * (100.0 + self.number) / 100.0

    def reached(self, number: float, baseline: float | None) -> bool:
        """Say whether a finite number reaches it; one that has nothing to compare with is reached."""
        bound = self.bound(baseline)
        return bound is None or _COMPARATORS[self.comparator](number, bound)

    def in_words(self, unit: str, baseline: float | None) -> str:
        """Return it as a person says it: `at most 440 ms (baseline 400 + 10 %)`."""
        word = _WORDS[self.comparator]
        if self.kind == ABSOLUTE:
            return " ".join(f"{word}{plain(self.number)} {unit}".split())
        change = f"{self._sign} {plain(abs(self.number))}{' %' if self.kind == PERCENT else ''}"
        try:
            bound = self.bound(baseline)
        except NotComparable:
            bound = None
        if bound is None or baseline is None:
            return f"{word}the baseline {change}"
        return f"{' '.join(f'{word}{_shown(bound)} {unit}'.split())} (baseline {_shown(baseline)} {change})"

    def implies(self, other: Comparison) -> bool:
        """Say whether every number that reaches this one is known to reach `other` too, whatever the baseline."""
        if self == other:
            return True
        if self.kind != other.kind:
            return False
        if self.comparator == "==":
            return self.kind == ABSOLUTE and other.reached(self.number, None)
        for direction, tighter in ((UPWARD, operator.gt), (DOWNWARD, operator.lt)):
            if self.comparator in direction and other.comparator in direction:
                as_strict = self.comparator in STRICT or other.comparator not in STRICT
                # A percent of 0 is 0, a huge baseline swallows a small change: then only the comparators differ.
                if self.is_relative and not as_strict:
                    return False
                return tighter(self.number, other.number) or (self.number == other.number and as_strict)
        return False

    @property
    def _change(self) -> str:
        return f"{self._sign}{plain(abs(self.number))}{'%' if self.kind == PERCENT else ''}"

    @property
    def _sign(self) -> str:
        return "-" if math.copysign(1, self.number) < 0 else "+"


def is_number(value: Any) -> bool:
    """Say whether a value is a finite number; a truth value is none, neither is text that looks like one."""
    try:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False


def plain(number: float) -> str:
    """Return a number in full, without an exponent: `1000000`, `0.1`."""
    return str(int(number)) if number == int(number) else f"{Decimal(repr(number)):f}"


def _shown(number: float) -> str:
    """Return a computed number without the digits that only say how floats are kept."""
    return plain(round(number, 3) if abs(number) >= 1 else float(f"{number:.4g}"))
