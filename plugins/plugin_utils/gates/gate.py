"""Gates: what a checked definition becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import baseline as baselines
from . import objective as objectives


@dataclass(frozen=True)
class Gate:
    """One checked definition. The five expressions are JMESPath over the indicator's document.

    `measure` gives the number, `examined` how much was looked at (a list counts its items), `findings` sentences for
    the operator, `problems` sentences that make the verdict inconclusive, `statement` what to say for the number.
    `warning` lets through what misses the objective, `baseline` says what relative ones compare with, `after` names
    gates that run before, `weight` is the cores it takes, and a pass is worth `valid_hours`.
    """

    name: str
    criterion: str
    indicator: Mapping[str, Any]
    measure: str
    examined: str
    objective: objectives.Objective
    warning: objectives.Objective | None
    baseline: baselines.How
    remedy: str
    findings: str
    problems: str
    statement: str
    unit: str
    of: str
    by_hand: tuple[str, ...]
    seconds: int
    attested: bool
    after: tuple[str, ...]
    weight: int
    valid_hours: int | None
    sha256: str

    @property
    def is_relative(self) -> bool:
        """Whether it compares with earlier results."""
        return self.objective.is_relative or bool(self.warning and self.warning.is_relative)
