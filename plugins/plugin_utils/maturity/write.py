"""Bring a MATURITY.md in line with a promotion: the lines that it changes, and no other byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import fields
from .document import ITEM, Document
from .parse import parse


@dataclass(frozen=True)
class Promotion:
    """What the ledger says about the promotion that a component stands on.

    ``stage`` and ``came_from`` as in the header ("Staging"); ``date`` YYYY-MM-DD; ``run`` names the evidence;
    ``passed``: criterion → (name, date) of who vouches for it, None for a measured one; criteria that did not
    pass are not in it. ``criteria``: all that were judged. ``met`` like "7/7"; ``coverage`` in percent.
    ``earlier``: (date, stage, run) of promotions before this one, oldest first. ``waived``: criterion → (until, by,
    reason) of each waiver that is in force for it.
    """

    stage: str
    came_from: str
    date: str
    run: str
    criteria: tuple[str, ...]
    passed: Mapping[str, tuple[str, str] | None]
    met: str
    coverage: float | None
    earliest_production: str | None
    earlier: tuple[tuple[str, str, str], ...] = ()
    waived: Mapping[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)


def write(text: str, promotion: Promotion, name: str = "MATURITY.md") -> str:
    """The text after the promotion; ``MaturityError`` (from ``parse``) when it cannot be understood."""
    parse(text, name)
    document = Document(text)
    _header(document, promotion)
    if promotion.criteria:
        _criteria(document, promotion, name)
    _test_coverage(document, promotion)
    _history(document, promotion, name)
    _next_steps(document, promotion, name)
    return str(document)


def _set(document: Document, found: fields.Field, value: str) -> None:
    mark = document.lines[found.index].text.startswith("\ufeff")
    document.replace(found.index, f"{chr(0xFEFF) if mark else ''}{found.before.rstrip()} {value}")


def _header(document: Document, promotion: Promotion) -> None:
    (stage,) = fields.field(document, "Current Stage")
    _set(document, stage, f"{promotion.stage} (promoted from {promotion.came_from} on {promotion.date})")
    updated = fields.field(document, "Last Updated")
    for each in updated:
        _set(document, each, promotion.date)
    if not updated:
        document.insert(stage.index + 1, f"**Last Updated**: {promotion.date}")


def _criteria(document: Document, promotion: Promotion, name: str) -> None:
    section = fields.criteria_section(document, name)
    if section is None:
        boxes = [_new_box(criterion, promotion) for criterion in promotion.criteria if criterion in fields.CRITERIA]
        _append_section(document, "## Development → Staging", [*boxes, "", *_status(promotion)], name)
        return
    found, indexes = fields.boxes(document, section)
    for criterion, box in found.items():
        if criterion in promotion.criteria:
            tick, word = _tick(criterion, promotion)
            document.replace(box.index, f"{box.lead}{tick}{box.rest}{box.text}{word}")
    lacking = [key for key in promotion.criteria if key in fields.CRITERIA and key not in found]
    after = indexes[-1] if indexes else section.start
    document.insert(after + 1, *([] if indexes else [""]), *(_new_box(key, promotion) for key in lacking))
    _criteria_lines(document, promotion, name)


def _criteria_lines(document: Document, promotion: Promotion, name: str) -> None:
    section = fields.criteria_section(document, name)
    if section is None:
        return
    status, *coverage = _status(promotion)
    place = fields.field(document, "Status", section.start, section.stop)
    if place:
        _set(document, place[0], status.partition(": ")[2])
        after = place[0].index
    else:
        _, indexes = fields.boxes(document, section)
        document.insert(indexes[-1] + 1, "", status)
        after = indexes[-1] + 2
    if not coverage:
        return
    known = fields.field(document, "Current Coverage", section.start, section.stop)
    if known:
        _set(document, known[0], coverage[0].partition(": ")[2])
    else:
        document.insert(after + 1, *coverage)


def _status(promotion: Promotion) -> list[str]:
    met, _, total = promotion.met.partition("/")
    waived = sum(bool(promotion.waived.get(criterion)) for criterion in promotion.criteria)
    ending = f", {waived} waived" if waived else " ✅" if met == total else ""
    lines = [f"**Status**: {promotion.met} criteria met{ending}"]
    if promotion.coverage is not None:
        lines.append(f"**Current Coverage**: {_percent(promotion.coverage)}")
    return lines


def _tick(criterion: str, promotion: Promotion) -> tuple[str, str]:
    if criterion not in promotion.passed:
        waived = promotion.waived.get(criterion, ())
        return " ", "".join(f" (waived until {until} by {by}: {reason})" for until, by, reason in waived)
    word = promotion.passed[criterion]
    return "x", f" (your word: {word[0]}, {word[1]})" if word else ""


def _new_box(criterion: str, promotion: Promotion) -> str:
    tick, word = _tick(criterion, promotion)
    return f"- [{tick}] {fields.CRITERIA[criterion][1]}{word}"


def _test_coverage(document: Document, promotion: Promotion) -> None:
    """Under "Unit Tests" of "Test Coverage", where the template repeats the number."""
    if promotion.coverage is None:
        return
    for outer in document.sections():
        if not re.search("test coverage", outer.title, re.IGNORECASE):
            continue
        for inner in document.sections():
            if outer.start < inner.start < outer.stop and re.match("unit tests?", inner.title, re.IGNORECASE):
                for found in fields.field(document, "(?:Current )?Coverage", inner.start, inner.stop)[:1]:
                    _set(document, found, _percent(promotion.coverage))


def _history(document: Document, promotion: Promotion, name: str) -> None:
    promotions = [*promotion.earlier, (promotion.date, promotion.stage, promotion.run)]
    known = set(parse(str(document), name).history)
    entries = [f"{date}: Promoted to {stage} (evidence {run})" for date, stage, run in promotions]
    new = [f"- {text}" for text, (*_, run) in zip(entries, promotions, strict=True) if not _recorded(run, known)]
    if not new:
        return
    section = fields.history_section(document, name)
    if section is None:
        _append_section(document, "## Promotion History", new, name)
        return
    after = document.end_of_list(section)
    document.insert(after + 1, *([""] if after == section.start else []), *new)


def _recorded(run: str, known: set[str]) -> bool:
    return any(f"(evidence {run})" in entry for entry in known)


def _next_steps(document: Document, promotion: Promotion, name: str) -> None:
    if promotion.earliest_production is None:
        return
    line = f"Earliest production promotion: {promotion.earliest_production}"
    section = fields.next_section(document, name)
    if section is None:
        _append_section(document, "## Next Steps", [f"- {line}"], name)
        return
    for index, text in document.live(section.start, section.stop):
        if fields.EARLIEST.search(text):
            document.replace(index, fields.EARLIEST.sub(line, text).rstrip())
            return
    after = document.end_of_list(section)
    item = ITEM.match(document.lines[after].text)
    mark = f"{int(item['number']) + 1}." if item and item["number"] else "-"
    document.insert(after + 1, *([""] if after == section.start else []), f"{mark} {line}")


def _append_section(document: Document, heading: str, lines: list[str], name: str) -> None:
    """Put a section where the template has it: before the footer (last updated by), else at the end."""
    footer = fields.field(document, "Last Updated By")
    at = footer[-1].index if footer else len(document.lines)
    blank = [] if at == 0 or not document.lines[at - 1].text.strip() else [""]
    document.insert(at, *blank, heading, "", *lines, *([""] if footer else []))


def _percent(value: float) -> str:
    return f"{round(value, 1):g}%"
