"""The criteria: the lines of MATURITY.md that gates have to meet before a stage is earned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..refusal import Refusal


@dataclass(frozen=True)
class Criterion:
    """A line of MATURITY.md; one that is not `counted` must be met too, but is no part of the 7.

    `left_out` are its gates that this run was told not to judge.
    """

    name: str
    title: str
    counted: bool = True
    left_out: tuple[str, ...] = ()


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
    "production": (
        Criterion("integration-tests", "Integration tests and coverage"),
        Criterion("performance", "Performance meets SLAs"),
        Criterion("security-review", "No critical vulnerabilities"),
        Criterion("uptime", "7 days of uptime in staging"),
        Criterion("documentation", "User docs, API reference, troubleshooting"),
        Criterion("monitoring", "Health checks, metrics and alerts"),
        Criterion("rollback", "Rollback documented and tested"),
        Criterion("load", "Handles expected load"),
        Criterion("readiness", "May go to production now", counted=False),
    ),
}
# What a release has to meet where it was deployed, before the stage is earned.
VERIFIED = (Criterion("verified", "Works where it was deployed"),)
NOT_JUDGED = "not judged"
_WORST_FIRST = ("fail", "inconclusive", "pass")


def of_stage(stage: str) -> tuple[Criterion, ...]:
    """Return the criteria of a stage; raises `Refusal` for one that has none."""
    if stage not in OF_STAGE:
        raise Refusal(f"no criteria are known for the stage {stage}", f"one of {', '.join(OF_STAGE)}")
    return OF_STAGE[stage]


def without(criteria: Iterable[Criterion], gates: Iterable[Any], chosen: Sequence[str]) -> tuple[Criterion, ...]:
    """Return the criteria as a run sees them that judges only the gates named in `chosen`; empty: all of them."""
    if not chosen:
        return tuple(criteria)
    skipped = [gate for gate in gates if gate.name not in chosen]
    return tuple(
        replace(criterion, left_out=tuple(gate.name for gate in skipped if gate.criterion == criterion.name))
        for criterion in criteria
    )


def verdict_of(criterion: Criterion, verdicts: Iterable[Mapping[str, Any]]) -> str:
    """Return a criterion's verdict: the worst of its gates', whatever is waived; without gates it is inconclusive.

    `not judged`: none of the gates that were judged said no, but some were left out.
    """
    own = [verdict["verdict"] for verdict in verdicts if verdict["criterion"] == criterion.name]
    worst = next((word for word in _WORST_FIRST if word in own), "inconclusive")
    return NOT_JUDGED if criterion.left_out and {*own} <= {"pass"} else worst


def waived(criterion: Criterion, verdicts: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a criterion is let through only because waivers are in force for all of its gates that said no."""
    own = [verdict for verdict in verdicts if verdict["criterion"] == criterion.name]
    refusing = [verdict for verdict in own if verdict["verdict"] != "pass"]
    return bool(refusing) and not criterion.left_out and all(verdict.get("waiver") for verdict in refusing)


def met(criteria: Iterable[Criterion], verdicts: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Return how many of the counted criteria are met (a waived one is not), and how many there are."""
    counted = [criterion for criterion in criteria if criterion.counted]
    return sum(verdict_of(criterion, verdicts) == "pass" for criterion in counted), len(counted)


def promotable(criteria: Iterable[Criterion], verdicts: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether every criterion, the uncounted ones too, is met or waived."""
    return all(verdict_of(criterion, verdicts) == "pass" or waived(criterion, verdicts) for criterion in criteria)
