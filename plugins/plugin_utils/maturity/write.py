"""Bring a MATURITY.md in line with a promotion: the lines that it changes, and no other byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import fields, fill
from .document import ITEM, Document
from .parse import parse


@dataclass(frozen=True)
class Promotion:
    """What the ledger says about the promotion that a component stands on.

    ``stage`` and ``came_from`` as in the header ("Staging"); ``date`` YYYY-MM-DD; ``run`` names the evidence;
    ``passed``: criterion → (name, date) of who vouches for it, None for a measured one; criteria that did not
    pass are not in it. ``criteria``: all that were judged. ``met`` like "7/7"; ``coverage`` in percent.
    ``earlier``: (date, stage, run) of promotions before this one, oldest first. ``waived``: criterion → (until, by,
    reason) of each waiver that is in force for it. ``numbers``: run → number of its request in the tracker. ``facts``:
    everything else that the template has a place for (``fill``); None leaves those places alone.
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
    numbers: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Demotion:
    """``stage`` and ``came_from`` as in the header; ``date`` YYYY-MM-DD; ``facts`` as for a promotion."""

    stage: str
    came_from: str
    date: str
    facts: Mapping[str, Any]


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
    _history(document, promotion, name)
    _next_steps(document, promotion, name)
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
        _append_section(document, fields.HEADINGS[promotion.stage], [*boxes, "", *_status(promotion)], name)
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


def _history(document: Document, promotion: Promotion, name: str) -> None:
    known = set(parse(str(document), name).history)
    new = []
    for date, stage, run in [*promotion.earlier, (promotion.date, promotion.stage, promotion.run)]:
        number = promotion.numbers.get(run)
        text = f"{date}: Promoted to {stage}{f' (Issue #{number})' if number else ''} (evidence {run})"
        if not any(f"(evidence {run})" in entry for entry in known):
            new.append(f"- {text}")
        elif number:
            _number(document, name, run, number)
    if not new:
        return
    section = fields.history_section(document, name)
    if section is None:
        _append_section(document, "## Promotion History", new, name)
        return
    after = document.end_of_list(fields.promotions_section(document, section) or section)
    document.insert(after + 1, *([""] if after == section.start else []), *new)


def _number(document: Document, name: str, run: str, number: int) -> None:
    """Name the request in the entry of a run that was written before there was a number."""
    section = fields.history_section(document, name)
    for index, text in document.live(section.start, section.stop) if section else ():
        if f"(evidence {run})" in text and "(Issue #" not in text:
            document.replace(index, text.rstrip().replace(f"(evidence {run})", f"(Issue #{number}) (evidence {run})"))


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
