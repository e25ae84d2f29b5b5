"""What a MATURITY.md says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from . import fields
from .document import ITEM, Document, MaturityError

_MOVED = re.compile(r"\bmoved\b.*?`(?P<path>[^`\n]+\.md)`", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Criterion:
    """A box: ticked or not; ``word`` is (name, date) of who vouches for it, ``waived`` each (until, by, reason)."""

    ticked: bool
    word: tuple[str, str] | None = None
    waived: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Maturity:
    """The fields that the toolkit reads and writes; None or empty where the file does not say."""

    stage: str
    stage_note: str
    last_updated: str | None
    owner: str | None
    group: str | None
    criteria: dict[str, Criterion]
    met: str | None
    coverage: float | None
    history: tuple[str, ...]
    earliest_production: str | None
    to_production: dict[str, Criterion]
    met_production: str | None


def parse(text: str, name: str = "MATURITY.md") -> Maturity:
    """Read a MATURITY.md; ``MaturityError`` when it has no header or says something twice."""
    document = Document(text)
    current = fields.header(document, "Current Stage", name)
    stage = re.search("|".join(fields.STAGES), current.value, re.IGNORECASE) if current else None
    if not current or not stage:
        found = f"**Current Stage** is {current.value!r}" if current else "no line **Current Stage**: …"
        moved = _MOVED.search(text) if not current else None
        if moved:
            raise MaturityError(
                f"{name} says only that it has moved to {moved['path']}",
                "the file with the header of the template",
                f"maturity: {moved['path']} for the component in the catalogue, or the file moved back",
            )
        raise MaturityError(
            f"{name} cannot be understood: {found}",
            "the header of the template, e.g. **Current Stage**: Development",
            f"${{EDITOR:-vi}} {PurePosixPath(name)}",
        )
    updated, owner, group = (_value(document, label) for label in ("Last Updated", "Owner", "Functional Group"))
    section = fields.criteria_section(document, name)
    percent = section and _search(
        r"\d+(?:\.\d+)?(?=\s*%)", fields.field(document, "Current Coverage", section.start, section.stop)
    )
    criteria, met = _criteria(document, name, "Staging")
    to_production, met_production = _criteria(document, name, "Production")
    return Maturity(
        stage=stage[0].capitalize(),
        stage_note=current.value[stage.end() :].strip(),
        last_updated=updated,
        owner=owner,
        group=group,
        criteria=criteria,
        met=met,
        coverage=float(percent) if percent else None,
        history=_history(document, name),
        earliest_production=_earliest(document, name),
        to_production=to_production,
        met_production=met_production,
    )


def _criteria(document: Document, name: str, stage: str) -> tuple[dict[str, Criterion], str | None]:
    """(criteria of a stage, "N/M" of its status); empty where the file has no such section."""
    section = fields.criteria_section(document, name, stage)
    if section is None:
        return {}, None
    found, _ = fields.boxes(document, section, stage)
    criteria = {key: Criterion(box.ticked, box.word, box.waived) for key, box in found.items()}
    return criteria, _search(r"\d+/\d+", fields.field(document, "Status", section.start, section.stop))


def _value(document: Document, label: str) -> str | None:
    found = fields.field(document, label)
    return found[0].value or None if found else None


def _search(pattern: str, found: list[fields.Field]) -> str | None:
    match = re.search(pattern, found[0].value) if found else None
    return match[0] if match else None


def _history(document: Document, name: str) -> tuple[str, ...]:
    section = fields.history_section(document, name)
    if not section:
        return ()
    part = fields.promotions_section(document, section)
    lines = [*document.own_lines(section), *(document.own_lines(part) if part else [])]
    return tuple(match["text"] for _, line in lines if (match := ITEM.match(line)))


def _earliest(document: Document, name: str) -> str | None:
    section = fields.next_section(document, name)
    if not section:
        return None
    lines = document.live(section.start, section.stop)
    return next((match["date"] for _, line in lines if (match := fields.EARLIEST.search(line))), None)
