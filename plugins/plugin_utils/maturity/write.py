"""Bring a MATURITY.md in line with a promotion: the lines that it changes, and no other byte."""

from __future__ import annotations

import re

from . import fields, fill, sections
from .document import Document
from .parse import parse
from .promotion import Demotion as Demotion
from .promotion import Promotion as Promotion


def demote(text: str, demotion: Demotion, name: str = "MATURITY.md") -> str:
    """The text after a demotion; the boxes stay as they were earned, for the artifact that earned them."""
    parse(text, name)
    document = Document(text)
    _header(document, demotion.stage, f"demoted from {demotion.came_from}", demotion.date)
    fill.fill(document, demotion.facts, name)
    return str(document)


def write(text: str, promotion: Promotion, name: str = "MATURITY.md") -> str:
    """The text after the promotion; ``MaturityError`` (from ``parse``) when it cannot be understood."""
    parse(text, name)
    document = Document(text)
    _header(document, promotion.stage, f"promoted from {promotion.came_from}", promotion.date)
    if promotion.criteria:
        _criteria(document, promotion, name)
    _test_coverage(document, promotion)
    sections.history(document, promotion, name)
    sections.next_steps(document, promotion, name)
    if promotion.facts is not None:
        fill.fill(document, promotion.facts, name)
    return str(document)


def _set(document: Document, found: fields.Field, value: str) -> None:
    mark = document.lines[found.index].text.startswith("\ufeff")
    document.replace(found.index, f"{chr(0xFEFF) if mark else ''}{found.before.rstrip()} {value}")


def _header(document: Document, stage: str, how: str, date: str) -> None:
    (current,) = fields.field(document, "Current Stage")
    _set(document, current, f"{stage} ({how} on {date})")
    updated = fields.field(document, "Last Updated")
    for each in updated:
        _set(document, each, date)
    if not updated:
        document.insert(current.index + 1, f"**Last Updated**: {date}")


def _criteria(document: Document, promotion: Promotion, name: str) -> None:
    known = fields.CRITERIA[promotion.stage]
    section = fields.criteria_section(document, name, promotion.stage)
    if section is None:
        boxes = [_new_box(criterion, promotion) for criterion in promotion.criteria if criterion in known]
        sections.append(document, fields.HEADINGS[promotion.stage], [*boxes, "", *_status(promotion)], name)
        return
    found, indexes = fields.boxes(document, section, promotion.stage)
    for criterion, box in found.items():
        if criterion in promotion.criteria:
            tick, word = _tick(criterion, promotion)
            document.replace(box.index, f"{box.lead}{tick}{box.rest}{box.text}{word}")
    lacking = [key for key in promotion.criteria if key in known and key not in found]
    after = indexes[-1] if indexes else section.start
    document.insert(after + 1, *([] if indexes else [""]), *(_new_box(key, promotion) for key in lacking))
    _criteria_lines(document, promotion, name)


def _criteria_lines(document: Document, promotion: Promotion, name: str) -> None:
    section = fields.criteria_section(document, name, promotion.stage)
    if section is None:
        return
    status, *coverage = _status(promotion)
    place = fields.field(document, "Status", section.start, section.stop)
    if place:
        _set(document, place[0], status.partition(": ")[2])
        after = place[0].index
    else:
        _, indexes = fields.boxes(document, section, promotion.stage)
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
    return f"- [{tick}] {fields.CRITERIA[promotion.stage][criterion][1]}{word}"


def _test_coverage(document: Document, promotion: Promotion) -> None:
    """Under "Unit Tests" of "Test Coverage", where the template repeats the number."""
    if promotion.coverage is None or promotion.stage != "Staging":
        return
    for outer in document.sections():
        if not re.search("test coverage", outer.title, re.IGNORECASE):
            continue
        for inner in document.sections():
            if outer.start < inner.start < outer.stop and re.match("unit tests?", inner.title, re.IGNORECASE):
                for found in fields.field(document, "(?:Current )?Coverage", inner.start, inner.stop)[:1]:
                    _set(document, found, _percent(promotion.coverage))


def _percent(value: float) -> str:
    return f"{round(value, 1):g}%"
