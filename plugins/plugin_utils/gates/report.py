"""The report of a judgement: each criterion with its gates, and the same in plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..reports import states
from .criteria import Criterion, verdict_of, waived
from .definition import Gate
from .headline import headline, outcome
from .judge import Judged, found_in_words

_SAID_ANYWAY = ("cause", "warning", "waived")
_SAID = (*_SAID_ANYWAY, "expired", "by_hand", "remedy")
COMMAND = {"staging": "promote-staging.yml", "production": "promote-production.yml"}


def criteria_rows(
    criteria: Sequence[Criterion],
    judged: Sequence[Judged],
    again: str,
    verdicts: Sequence[Mapping[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return the criteria as reports have them; ``verdicts`` (with their waivers) instead of those in ``judged``."""
    said = {each["gate"]: each for each in (verdicts or [one.verdict for one in judged])}
    rows = []
    for criterion in criteria:
        own = [(one.gate, said[one.gate.name]) for one in judged if one.gate.criterion == criterion.name]
        rows.append(
            {
                "criterion": criterion.name,
                "title": criterion.title,
                "counted": criterion.counted,
                "verdict": verdict_of(criterion, said.values()),
                "state": states.of_criterion([verdict for _, verdict in own], criterion.left_out),
                "waived": waived(criterion, list(said.values())),
                "attested": any(gate.attested for gate, _ in own),
                "gates": [_row(gate, verdict, again) for gate, verdict in own],
            }
        )
    return rows


def report(
    operation: Mapping[str, Any],
    criteria: Sequence[Criterion],
    judged: Sequence[Judged],
    evidence: str,
    *,
    verdicts: Sequence[Mapping[str, Any]] | None = None,
    page: str = "",
) -> dict[str, Any]:
    """Return the report of a judgement for the terminal; `page` is where its HTML page lies, "" for none."""
    said = list(verdicts or [one.verdict for one in judged])
    result = outcome(criteria, said)
    return {
        "headline": headline(operation, criteria, said),
        "outcome": "refused" if result == "refused" else "done",
        "criteria": criteria_rows(criteria, judged, again(operation), said),
        "rows": [
            *_dirty(operation),
            *_reused(said),
            *_expiry(said),
            *([["evidence", evidence]] if evidence else []),
            *([["report", page]] if page else []),
        ],
        "next": [again(operation)] if result != "ready" else [],
    }


def plain(told: Mapping[str, Any]) -> str:
    """Return the report as text, for those who do not see the terminal's own."""
    lines = [str(told["headline"])]
    for criterion in told["criteria"]:
        if criterion["state"] == "pass":
            continue
        said = (
            criterion["verdict"] if criterion["state"] in ("fail", "inconclusive") else states.WORDS[criterion["state"]]
        )
        lines.append(f"{criterion['title']}: {said}")
        for row in criterion["gates"]:
            if row["state"] != "pass":
                lines.append(f"  {row['gate']}: found {row['found']}; wanted {row['wanted']}")
                keys = _SAID if row["state"] not in states.LETS_THROUGH else _SAID_ANYWAY
                lines += [f"    {key}: {row[key]}" for key in keys if row[key]]
    lines += [f"{label}: {text}" for label, text in told["rows"]]
    return "\n".join([*lines, *(f"again: {command}" for command in told["next"])])


def again(operation: Mapping[str, Any]) -> str:
    """Return what to type when the cause is gone."""
    if operation["verb"] == "gates":
        return f"ansible-playbook gates.yml -e component={operation['component']} -e stage={operation['stage_wanted']}"
    playbook = COMMAND.get(operation["stage_wanted"], f"{operation['verb']}.yml")
    return f"ansible-playbook {playbook} -e component={operation['component']}"


def waiver_in_words(waiver: Mapping[str, Any] | None) -> str:
    """Return who passes over a gate, until when and why; "" where nobody does."""
    return f"until {waiver['until']} by {waiver['owner']}: {waiver['reason']}" if waiver else ""


def _row(gate: Gate, verdict: Mapping[str, Any], command: str) -> dict[str, Any]:
    attested = verdict["attested"]
    word = f", the word of {attested['by']} of {attested['at']}" if attested else ""
    reused = verdict.get("reused_from")
    return {
        "gate": gate.name,
        "verdict": verdict["verdict"],
        "state": states.of_gate(verdict),
        "found": f"{found_in_words(gate, verdict)}{word}",
        "wanted": gate.objective.in_words(gate.unit, (verdict.get("baseline") or {}).get("value")),
        "warning": verdict.get("warning"),
        "waiver": verdict.get("waiver"),
        "waived": waiver_in_words(verdict.get("waiver")),
        "expired": waiver_in_words(verdict.get("waiver_expired")),
        "by_hand": verdict["by_hand"],
        "remedy": verdict["remedy"],
        "cause": verdict["cause"],
        "again": command,
        "seconds": verdict["seconds"],
        "reused_from": reused,
        "earned": verdict["earned"],
        "expires": verdict.get("expires"),
    }


def _dirty(operation: Mapping[str, Any]) -> list[list[str]]:
    """Return which files were passed over because the commit has them not."""
    files = [str(each) for each in operation.get("dirty") or []]
    return [["not judged", f"uncommitted: {', '.join(files)}"]] if files else []


def _reused(verdicts: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return which verdicts were earned before, one row a run."""
    runs: dict[str, list[Mapping[str, Any]]] = {}
    for each in verdicts:
        if each.get("reused_from"):
            runs.setdefault(str(each["reused_from"]), []).append(each)
    return [
        ["reused", f"{', '.join(str(one['gate']) for one in some)}: earned {some[0]['earned']} in run {run}"]
        for run, some in sorted(runs.items())
    ]


def _expiry(verdicts: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """Return until when all of it holds; nothing when it holds as long as nothing changes."""
    until = min((str(each["expires"]) for each in verdicts if each.get("expires")), default="")
    return [["holds until", until]] if until else []
