"""Sections of a MATURITY.md that grow: the history, the next steps, and those that are added where they are missing."""

from __future__ import annotations

from . import fields
from .document import ITEM, Document
from .parse import parse
from .promotion import Promotion


def history(document: Document, promotion: Promotion, name: str) -> None:
    """Enter the promotions that are not there yet, with the number of the request where it has one."""
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
        append(document, "## Promotion History", new, name)
        return
    after = document.end_of_list(fields.promotions_section(document, section) or section)
    document.insert(after + 1, *([""] if after == section.start else []), *new)


def _number(document: Document, name: str, run: str, number: int) -> None:
    """Name the request in the entry of a run that was written before there was a number."""
    section = fields.history_section(document, name)
    for index, text in document.live(section.start, section.stop) if section else ():
        if f"(evidence {run})" in text and "(Issue #" not in text:
            document.replace(index, text.rstrip().replace(f"(evidence {run})", f"(Issue #{number}) (evidence {run})"))


def next_steps(document: Document, promotion: Promotion, name: str) -> None:
    """Say when production comes at the earliest."""
    if promotion.earliest_production is None:
        return
    line = f"Earliest production promotion: {promotion.earliest_production}"
    section = fields.next_section(document, name)
    if section is None:
        append(document, "## Next Steps", [f"- {line}"], name)
        return
    for index, text in document.live(section.start, section.stop):
        if fields.EARLIEST.search(text):
            document.replace(index, fields.EARLIEST.sub(line, text).rstrip())
            return
    after = document.end_of_list(section)
    item = ITEM.match(document.lines[after].text)
    mark = f"{int(item['number']) + 1}." if item and item["number"] else "-"
    document.insert(after + 1, *([""] if after == section.start else []), f"{mark} {line}")


def append(document: Document, heading: str, lines: list[str], name: str) -> None:
    """Put a section where the template has it: before the footer (last updated by), else at the end."""
    footer = fields.field(document, "Last Updated By")
    at = footer[-1].index if footer else len(document.lines)
    blank = [] if at == 0 or not document.lines[at - 1].text.strip() else [""]
    document.insert(at, *blank, heading, "", *lines, *([""] if footer else []))
