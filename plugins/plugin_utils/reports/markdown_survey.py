"""The survey of all components as Markdown for an issue's comment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..tracking.markdown import block, code, prose
from . import blockers, states

_OUTCOMES = {"ready": "pass", "partial": "not-judged", "refused": "fail", "not-judged": "not-judged"}


def lines(survey: Mapping[str, Any]) -> list[str]:
    """The lines: the headline, the pipeline, the stages, what to do next."""
    found = [
        f"## {prose(survey['headline'])}",
        "",
        "| | Component | Promotion | Criteria met | What keeps it |",
        "| --- | --- | --- | --- | --- |",
    ]
    for entry in survey["pipeline"]:
        said = "<br>".join(prose(each) for each in blockers.in_words(entry)) or "nothing: ready"
        met = entry["met"] + (f", {entry['waived']} waived" if entry["waived"] else "")
        sign = states.EMOJI[_OUTCOMES[entry["outcome"]]]
        promotion = f"{prose(entry['stage'])} → {prose(entry['wanted'])}"
        found.append(f"| {sign} | {prose(entry['component'])} | {promotion} | {prose(met)} | {said} |")
    found += ["", "| Component | Stage | Group | Owner |", "| --- | --- | --- | --- |"]
    for one in survey["stages"]:
        found.append(f"| {' | '.join(prose(one[key]) for key in ('component', 'stage', 'group', 'owner'))} |")
    for step in survey["next"]:
        found += ["", f"Next for {code(step['component'])}: {prose(step['say'])}", ""]
        found += block(step["command"]) if step["command"] else []
    return [*found, "", f"Run {code(survey['run'])}"]
