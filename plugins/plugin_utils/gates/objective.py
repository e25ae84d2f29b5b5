"""Objectives: what a measured number must reach, such as `>= 70`, `<= +10%` or `< 500 and <= +10%`.

A number with a sign is a change against the baseline, as Keptn writes it; one without is a bound of its own. A missing
or non-finite number is nobody's number: `reached` refuses it instead of reading it as 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .comparison import ABSOLUTE, ADDED, PERCENT, Comparison, NotComparable, is_number
from .errors import DefinitionError

__all__ = ["ALLOWED", "NotComparable", "Objective", "is_number", "parse"]
MOST_PARTS = 8
_PART = re.compile(
    r"\s*(?P<comparator>==|=|>=|<=|>|<)\s*(?P<sign>[+-]?)\s*(?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?)\s*(?P<percent>%?)\s*",
    re.ASCII,
)
_AND = re.compile(r"\s+and\s+", re.ASCII)
ALLOWED = (
    "a comparison with a number, such as '>= 70', '== 0' or '< 500', or, with a sign, with the baseline, such as"
    " '<= +10%' or '>= -5'; several are joined by ' and '"
)


@dataclass(frozen=True)
class Objective:
    """Comparisons that all have to be reached."""

    parts: tuple[Comparison, ...]

    @property
    def text(self) -> str:
        """The objective as it is written in a catalogue."""
        return " and ".join(part.text for part in self.parts)

    @property
    def is_relative(self) -> bool:
        """Whether any part needs a baseline."""
        return any(part.is_relative for part in self.parts)

    @property
    def stands_alone(self) -> bool:
        """Whether some part says something where there is no baseline."""
        return any(not part.is_relative for part in self.parts)

    def reached(self, number: float, baseline: float | None = None) -> bool:
        """Say whether a finite number reaches all parts; without a baseline the absolute ones decide alone.

        Raises `ValueError` for anything but a finite number, and `NotComparable` (one, too) where a percent of the
        baseline bounds nothing.
        """
        return not self.missed(number, baseline)

    def missed(self, number: float, baseline: float | None = None) -> tuple[Comparison, ...]:
        """Return the parts that a finite number does not reach; raises as `reached` does."""
        if not is_number(number):
            raise ValueError(f"{number!r} is no finite number")
        if baseline is not None and not is_number(baseline):
            raise NotComparable(f"a baseline of {baseline!r} is no finite number")
        return tuple(part for part in self.parts if not part.reached(number, baseline))

    def in_words(self, unit: str = "", baseline: float | None = None) -> str:
        """Return the objective as a person says it: `at least 70 %`."""
        return " and ".join(part.in_words(unit, baseline) for part in self.parts)

    def admits_no_more_than(self, other: Objective) -> bool:
        """Say whether this one is known to be as strict as `other`, whatever the number and the baseline."""
        return all(any(own.implies(part) for own in self.parts) for part in other.parts)


def parse(text: Any, where: str) -> Objective:
    """Return the objective that `text` writes; `where` (file, gate, key) is named when it is none."""
    written = _AND.split(text) if isinstance(text, str) else []
    matches = [_PART.fullmatch(part) for part in written]
    if not 0 < len(written) <= MOST_PARTS or not all(matches):
        raise DefinitionError(where, f"is {text!r}", ALLOWED)
    parts = []
    for match in matches:
        assert match  # noqa: S101  see above
        kind = PERCENT if match["percent"] else ADDED if match["sign"] else ABSOLUTE
        if kind == PERCENT and not match["sign"]:
            wanted = "a sign before the percent of a baseline, such as '<= +10%', or the number alone"
            raise DefinitionError(where, f"is {text!r}", wanted)
        comparator = "==" if match["comparator"] == "=" else match["comparator"]
        parts.append(Comparison(comparator, float(f"{match['sign']}{match['number']}"), kind))
    return Objective(tuple(parts))
