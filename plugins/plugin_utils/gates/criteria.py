"""The criteria: the lines of MATURITY.md that gates have to meet before a stage is earned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..refusal import Refusal


@dataclass(frozen=True)
class Criterion:
    """A line of MATURITY.md; one that is not `counted` must be met too, but is no part of the 7."""

    name: str
    title: str
    counted: bool = True


OF_STAGE: dict[str, tuple[Criterion, ...]] = {
    "staging": (
        Criterion("core-features", "Core features complete"),
        Criterion("unit-tests", "Unit tests and coverage"),
        Criterion("api", "API documented, no breaking changes"),
        Criterion("code-quality", "Code quality and security"),
        Criterion("readme", "README with usage examples"),
        Criterion("dependencies", "Dependencies identified and stable"),
        Criterion("integration", "Integrates in development"),
        Criterion("deployability", "Can be deployed", counted=False),
    ),
}
# What a release has to meet where it was deployed, before the stage is earned.
VERIFIED = (Criterion("verified", "Works where it was deployed"),)
_WORST_FIRST = ("fail", "inconclusive", "pass")


def of_stage(stage: str) -> tuple[Criterion, ...]:
    """Return the criteria of a stage; raises `Refusal` for one that has none."""
    if stage not in OF_STAGE:
        raise Refusal(f"no criteria are known for the stage {stage}", f"one of {', '.join(OF_STAGE)}")
    return OF_STAGE[stage]


def verdict_of(criterion: Criterion, verdicts: Iterable[Mapping[str, Any]]) -> str:
    """Return a criterion's verdict: the worst of its gates'; without gates it is inconclusive."""
    own = [verdict["verdict"] for verdict in verdicts if verdict["criterion"] == criterion.name]
    return next((word for word in _WORST_FIRST if word in own), "inconclusive")


def met(criteria: Iterable[Criterion], verdicts: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many of the counted criteria are met, and how many there are."""
    counted = [criterion for criterion in criteria if criterion.counted]
    return sum(verdict_of(criterion, verdicts) == "pass" for criterion in counted), len(counted)


def promotable(criteria: Iterable[Criterion], verdicts: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether every criterion is met, the uncounted ones too."""
    return all(verdict_of(criterion, verdicts) == "pass" for criterion in criteria)
