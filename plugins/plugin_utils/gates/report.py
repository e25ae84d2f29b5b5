"""The report of a judgement: each criterion with its gates, and the same in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .criteria import VERIFIED, Criterion, met, promotable, verdict_of
from .definition import Gate
from .judge import Judged, found_in_words

COMMAND = {"staging": "promote-staging.yml", "production": "promote-production.yml"}


def criteria_rows(criteria: Sequence[Criterion], judged: Sequence[Judged], again: str) -> list[dict[str, Any]]:
    """Return the criteria as reports have them."""
    verdicts = [one.verdict for one in judged]
    rows = []
    for criterion in criteria:
        own = [one for one in judged if one.gate.criterion == criterion.name]
        rows.append(
            {
                "criterion": criterion.name,
                "title": criterion.title,
                "verdict": verdict_of(criterion, verdicts),
                "attested": any(one.gate.attested for one in own),
                "gates": [_row(one.gate, one.verdict, again) for one in own],
            }
        )
    return rows


def report(
    operation: Mapping[str, Any], criteria: Sequence[Criterion], judged: Sequence[Judged], evidence: str
) -> dict[str, Any]:
    """Return the report of a judgement."""
    verdicts = [one.verdict for one in judged]
    number, of = met(criteria, verdicts)
    component, stage = operation["component"], operation["stage_wanted"]
    if promotable(criteria, verdicts):
        headline, outcome = f"READY {component} → {stage} {number}/{of}", "done"
    else:
        deployable = " but it cannot be deployed" if number == of else ""
        score = ", it does not work there" if criteria == VERIFIED else f" {number}/{of}{deployable}"
        headline, outcome = f"NOT PROMOTED {component} → {stage}{score}", "refused"
    return {
        "headline": headline,
        "outcome": outcome,
        "criteria": criteria_rows(criteria, judged, again(operation)),
        "rows": [["evidence", evidence]] if evidence else [],
        "next": [again(operation)] if outcome == "refused" else [],
    }


def plain(told: Mapping[str, Any]) -> str:
    """Return the report as text, for those who do not see the terminal's own."""
    lines = [str(told["headline"])]
    for criterion in told["criteria"]:
        if criterion["verdict"] == "pass":
            continue
        lines.append(f"{criterion['title']}: {criterion['verdict']}")
        for row in criterion["gates"]:
            if row["verdict"] != "pass":
                lines.append(f"  {row['gate']}: found {row['found']}; wanted {row['wanted']}")
                lines += [f"    {key}: {row[key]}" for key in ("cause", "by_hand", "remedy") if row[key]]
    return "\n".join([*lines, *(f"again: {command}" for command in told["next"])])


def again(operation: Mapping[str, Any]) -> str:
    """Return what to type when the cause is gone."""
    playbook = COMMAND.get(operation["stage_wanted"], f"{operation['verb']}.yml")
    return f"ansible-playbook {playbook} -e component={operation['component']}"


def _row(gate: Gate, verdict: Mapping[str, Any], command: str) -> dict[str, Any]:
    attested = verdict["attested"]
    word = f", the word of {attested['by']} of {attested['at']}" if attested else ""
    return {
        "gate": gate.name,
        "verdict": verdict["verdict"],
        "found": f"{found_in_words(gate, verdict)}{word}",
        "wanted": gate.objective.in_words(gate.unit),
        "by_hand": verdict["by_hand"],
        "remedy": verdict["remedy"],
        "cause": verdict["cause"],
        "again": command,
        "seconds": verdict["seconds"],
    }
