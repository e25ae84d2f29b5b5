"""COMPONENT_MATURITY_STATUS.md: all components in one table, between two markers; the text around it is people's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..refusal import Refusal
from . import dates, events, pipeline
from .markdown import prose

BEGIN = "<!-- tta.ops: components, written by the toolkit -->"
END = "<!-- tta.ops: end of components -->"
_COLUMNS = ("Component", "Stage", "Since", "Criteria met", "Coverage", "Earliest production", "What is missing")
_NEW = "# Component Maturity Status\n\n"
_MISSING = {
    "development": "promotion to staging",
    "production": "",
    "unknown": "an answer of the hosts that keep the ledgers",
}


def rows(components: Iterable[str], stages: Mapping[str, str], entries: Sequence[events.Event]) -> list[list[str]]:
    """One row a component, by name; ``stages`` has the stage of each, ``entries`` the ledgers' events."""
    return [_row(name, stages.get(name, "development"), entries) for name in sorted(components)]


def write(text: str | None, table: Sequence[Sequence[str]], name: str = "COMPONENT_MATURITY_STATUS.md") -> str:
    """The page with the table in place of the old one; None: the file is missing. ``Refusal`` on broken markers."""
    return placed(text, _block(table), BEGIN, END, name)


def survey(text: str | None, document: Mapping[str, Any], name: str = "COMPONENT_MATURITY_STATUS.md") -> str:
    """The page with a survey's pipeline (``reports.survey.build``) between markers of its own."""
    return placed(text, pipeline.block(document), pipeline.BEGIN, pipeline.END, name)


def placed(text: str | None, lines: Sequence[str], begin: str, end: str, name: str) -> str:
    """The text with ``lines``, which begin and end with markers, in place of those there or at its end."""
    if text is None:
        return _NEW + "\n".join(lines) + "\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    block = newline.join(lines)
    begins, ends = text.count(begin), text.count(end)
    if (begins, ends) == (0, 0):
        gap = "" if not text or text.endswith(newline * 2) else newline if text.endswith(newline) else newline * 2
        return text + gap + block + newline
    if (begins, ends) != (1, 1) or text.index(begin) > text.index(end):
        raise Refusal(
            f"{name} has {begins} times {begin} and {ends} times {end}",
            "each once, the table between them",
            f"remove them from {name}; the table is written anew at its end",
        )
    return text[: text.index(begin)] + block + text[text.index(end) + len(end) :]


def _block(table: Sequence[Sequence[str]]) -> list[str]:
    lines = [_COLUMNS, ["---"] * len(_COLUMNS), *([prose(each) for each in row] for row in table)]
    return [BEGIN, *("| " + " | ".join(line) + " |" for line in lines), END]


def _row(name: str, stage: str, entries: Sequence[events.Event]) -> list[str]:
    event = _behind(name, stage, entries)
    if event is None:
        return [name, stage, "", "", "", "", _MISSING.get(stage, "")]
    data: Mapping[str, Any] = event["data"] or {}
    coverage = events.coverage_of(event)
    earliest = events.earliest(event) if event["event"] == "promoted" else None
    missing = f"{dates.DAYS_IN_STAGING} days in staging, until {earliest}" if earliest else _MISSING.get(stage, "")
    percent = "" if coverage is None else f"{round(coverage, 1):g}%"
    return [name, stage, dates.day(event["at"]), str(data.get("met") or ""), percent, earliest or "", missing]


def _behind(name: str, stage: str, entries: Sequence[events.Event]) -> events.Event | None:
    """The latest event that lifted the component to the stage it has."""
    own = [
        entry
        for entry in entries
        if entry["component"] == name and entry["event"] in ("promoted", "genesis") and events.stage_of(entry) == stage
    ]
    return max(own, key=lambda entry: (entry["at"], entry["seq"]), default=None)
