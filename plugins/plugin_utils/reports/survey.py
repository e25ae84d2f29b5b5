"""The survey of all components: where each stands, what keeps it from the next stage, nearest to ready first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from . import blockers, steps
from .text import cleaned, line

_OUTCOMES = ("ready", "partial", "refused", "not-judged")
STAGES = ("production", "staging", "development", "unknown")


@dataclass(frozen=True)
class Surveyed:
    """One component: its stage, and what came of judging it for the stage `wanted` (None: there is none further).

    `judgement` is what `judge_component` returned; None where it was not judged, and `problem` then says why.
    """

    component: str
    stage: str
    wanted: str | None
    judgement: Mapping[str, Any] | None
    group: str = ""
    owner: str = ""
    problem: str = ""


def build(operation: Mapping[str, Any], surveyed: Sequence[Surveyed]) -> dict[str, Any]:
    """The survey's document (docs/schemas/report.schema.json, kind `survey`); pure."""
    run = str(operation["run"])
    pipeline = sorted((_entry(each, run) for each in surveyed if each.wanted), key=_nearness)
    for place, entry in enumerate(pipeline, start=1):
        entry["priority"] = place
    ready = [entry["component"] for entry in pipeline if entry["outcome"] == "ready"]
    document = {
        "schema": 1,
        "kind": "survey",
        "headline": _headline(surveyed, pipeline, ready),
        "run": run,
        "at": str(operation.get("asked_at") or ""),
        "actor": line(operation.get("actor") or ""),
        "stages": [
            {"component": each.component, "stage": each.stage, "group": each.group, "owner": each.owner}
            for each in sorted(surveyed, key=lambda each: (_rank(each.stage), each.component))
        ],
        "pipeline": pipeline,
        "next": [steps.of_entry(entry) for entry in pipeline[:3]],
    }
    clean: dict[str, Any] = cleaned(document)
    return clean


def report(survey: Mapping[str, Any], page: str = "") -> dict[str, Any]:
    """The survey as the terminal shows it; it refuses nothing, whatever it found."""
    rows = [
        [
            entry["component"],
            entry["stage"],
            entry["wanted"],
            entry["met"],
            "; ".join(blockers.in_words(entry)) or "ready",
        ]
        for entry in survey["pipeline"]
    ]
    return {
        "headline": survey["headline"],
        "outcome": "status",
        "criteria": [],
        "table": {"columns": ["component", "stage", "next", "met", "what keeps it"], "rows": rows},
        "rows": [["report", page]] if page else [],
        "next": [step["command"] for step in survey["next"] if step["command"]],
    }


def _entry(each: Surveyed, run: str) -> dict[str, Any]:
    judgement = each.judgement
    found = blockers.of(judgement) if judgement else []
    page = str(((judgement or {}).get("pages") or {}).get("html") or "")
    evidence = ((judgement or {}).get("evidence") or {}).get("path") or ""
    return {
        "priority": 0,
        "component": each.component,
        "stage": each.stage,
        "wanted": each.wanted,
        "outcome": _outcome(judgement, found),
        "met": str(judgement["met"]) if judgement else "",
        "waived": sum(row["state"] == "waived" for row in judgement["criteria"]) if judgement else 0,
        "warnings": [
            {"gate": gate["gate"], "warning": line(gate["warning"])}
            for row in (judgement or {}).get("criteria") or []
            for gate in row["gates"]
            if gate.get("warning")
        ],
        "criteria": [
            {"criterion": row["criterion"], "title": row["title"], "state": row["state"]}
            for row in (judgement or {}).get("criteria") or []
        ],
        "blockers": found,
        "problem": line(each.problem),
        "href": f"../{PurePath(page).parent.name}/{PurePath(page).name}" if page else None,
        "evidence": evidence,
    }


def _outcome(judgement: Mapping[str, Any] | None, blocking: Sequence[Mapping[str, Any]]) -> str:
    if judgement is None:
        return "not-judged"
    return "ready" if judgement["promotable"] else "refused" if blocking else "partial"


def _nearness(entry: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Ready ones first, then those with the fewest criteria and gates open; those nobody could judge last."""
    place = _OUTCOMES.index(entry["outcome"])
    criteria = {each["criterion"] for each in entry["blockers"]}
    return place, len(criteria), len(entry["blockers"]), entry["component"]


def _headline(surveyed: Sequence[Surveyed], pipeline: Sequence[Mapping[str, Any]], ready: Sequence[str]) -> str:
    judged = sum(entry["outcome"] != "not-judged" for entry in pipeline)
    said = f"{len(ready)} ready for the next stage" + (f" ({', '.join(ready)})" if ready else "")
    return f"SURVEY {len(surveyed)} components, {judged} judged: {said}"


def _rank(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else len(STAGES)
