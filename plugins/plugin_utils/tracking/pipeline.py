"""The block of COMPONENT_MATURITY_STATUS.md that a survey writes: who is next, what keeps each, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..reports import blockers
from . import dates
from .markdown import code, prose

BEGIN = "<!-- tta.ops: pipeline, written by the toolkit -->"
END = "<!-- tta.ops: end of pipeline -->"
_COLUMNS = ("Priority", "Component", "Promotion", "Criteria met", "Blockers")
_GAPS = ("Component", "Gate", "Found", "Wanted", "What to do")


def block(survey: Mapping[str, Any]) -> list[str]:
    """The lines of the block, markers included."""
    lines = [BEGIN, f"Judged on {dates.day(survey['at'])}, nearest to ready first.", "", *_table(_COLUMNS)]
    for entry in survey["pipeline"]:
        named = [each["gate"] for each in entry["blockers"]] or blockers.in_words(entry)
        said = ", ".join(prose(each) for each in named) or "none: ready"
        met = entry["met"] + (f", {entry['waived']} waived" if entry["waived"] else "")
        promotion = f"{prose(entry['stage'])} → {prose(entry['wanted'])}"
        lines.append(f"| {entry['priority']} | {prose(entry['component'])} | {promotion} | {prose(met)} | {said} |")
    gaps = [(entry, each) for entry in survey["pipeline"] for each in entry["blockers"]]
    if gaps:
        lines += ["", "What is missing, gate by gate:", "", *_table(_GAPS)]
    for entry, each in gaps:
        cells = (prose(entry["component"]), prose(each["gate"]), prose(each["found"]), prose(each["wanted"]))
        lines.append(f"| {' | '.join(cells)} | {prose(each['remedy'])} |")
    return [*lines, "", f"Judge all anew: {code('ansible-playbook gates.yml')}", END]


def _table(columns: tuple[str, ...]) -> list[str]:
    return [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}"]
