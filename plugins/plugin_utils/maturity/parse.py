"""What a MATURITY.md says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from . import fields
from .document import ITEM, Document, MaturityError


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


def parse(text: str, name: str = "MATURITY.md") -> Maturity:
    """Read a MATURITY.md; ``MaturityError`` when it has no header or says something twice."""
    document = Document(text)
    current = fields.header(document, "Current Stage", name)
    stage = re.search("|".join(fields.STAGES), current.value, re.IGNORECASE) if current else None
    if not current or not stage:
        found = f"**Current Stage** is {current.value!r}" if current else "no line **Current Stage**: …"
        raise MaturityError(
            f"{name} cannot be understood: {found}",
            "the header of the template, e.g. **Current Stage**: Development",
            f"${{EDITOR:-vi}} {PurePosixPath(name)}",
        )
    updated, owner, group = (_value(document, label) for label in ("Last Updated", "Owner", "Functional Group"))
    section = fields.criteria_section(document, name)
    criteria: dict[str, Criterion] = {}
    met = coverage = None
    if section:
        found_boxes, _ = fields.boxes(document, section)
        criteria = {key: Criterion(box.ticked, box.word, box.waived) for key, box in found_boxes.items()}
        met = _search(r"\d+/\d+", fields.field(document, "Status", section.start, section.stop))
        percent = _search(
            r"\d+(?:\.\d+)?(?=\s*%)", fields.field(document, "Current Coverage", section.start, section.stop)
        )
        coverage = float(percent) if percent else None
    return Maturity(
        stage=stage[0].capitalize(),
        stage_note=current.value[stage.end() :].strip(),
        last_updated=updated,
        owner=owner,
        group=group,
        criteria=criteria,
        met=met,
        coverage=coverage,
        history=_history(document, name),
        earliest_production=_earliest(document, name),
    )


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
    return tuple(match["text"] for _, line in document.own_lines(section) if (match := ITEM.match(line)))


def _earliest(document: Document, name: str) -> str | None:
    section = fields.next_section(document, name)
    if not section:
        return None
    lines = document.live(section.start, section.stop)
    return next((match["date"] for _, line in lines if (match := fields.EARLIEST.search(line))), None)
