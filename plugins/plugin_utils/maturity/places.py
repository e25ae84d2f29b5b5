"""Places for one value in a MATURITY.md: a labelled line, a cell of a table, a list under a label."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import fields
from .document import BOM, ITEM, Document, Section

_ROW = re.compile(r"^(?P<lead>[ \t]*\|)(?P<cells>.*)(?P<tail>\|[ \t]*)$")


def section(document: Document, title: str, inside: Section | None = None) -> Section | None:
    """The first section whose title matches the pattern, of those inside another where one is given."""
    start, stop = (inside.start, inside.stop) if inside else (-1, len(document.lines))
    found = (one for one in document.sections() if start < one.start < stop)
    return next((one for one in found if re.search(title, one.title, re.IGNORECASE)), None)


def put_line(document: Document, inside: Section, label: str, value: str) -> bool:
    """Give the first line ``label: value`` of a section its value; say whether there is such a line."""
    found = fields.field(document, label, inside.start + 1, inside.stop)
    if not found:
        return False
    place = found[0]
    if place.value != value:
        mark = BOM if document.lines[place.index].text.startswith(BOM) else ""
        document.replace(place.index, f"{mark}{place.before.rstrip()} {value}".rstrip())
    return True


def put_cell(document: Document, inside: Section, row: str, value: str, column: int = 1) -> bool:
    """Give the table row whose first cell matches its value in ``column``; say whether there is such a row."""
    for index, text in document.live(inside.start + 1, inside.stop):
        match = _ROW.match(text)
        cells = re.split(r"(?<!\\)\|", match["cells"]) if match else []
        if not match or len(cells) <= column or not re.fullmatch(row, cells[0].strip(" *`"), re.IGNORECASE):
            continue
        if cells[column].strip() != value:
            width = len(cells[column])
            cells[column] = f" {value} ".ljust(width) if width > len(value) + 2 else f" {value} "
            document.replace(index, match["lead"] + "|".join(cells) + match["tail"].rstrip())
        return True
    return False


def put_list(document: Document, inside: Section, label: str, items: Sequence[str], owned: str) -> bool:
    """Give a label that has nothing beside it the list below it; say whether there is such a label.

    The items at its beginning that match ``owned`` are the toolkit's; those of people follow, and stay.
    """
    found = fields.field(document, label, inside.start + 1, inside.stop)
    if not found or found[0].value:
        return False
    at = found[0].index + 1
    first = at
    while first < inside.stop and not document.lines[first].text.strip():
        first += 1
    last = first
    while last < inside.stop and _is_item(document, last, owned):
        last += 1
    peoples = last < inside.stop and _is_item(document, last, "")
    wanted = list(items) or ([] if peoples else ["None"])
    old = [match["text"] for line in document.lines[first:last] if (match := ITEM.match(line.text))]
    if old != wanted:
        at = first if old or peoples else at
        _replace(document, at, last if old else at, [f"- {each}" for each in wanted])
    return True


def _is_item(document: Document, index: int, owned: str) -> bool:
    match = None if document.lines[index].inert else ITEM.match(document.lines[index].text)
    return bool(match and re.search(owned, match["text"]))


def _replace(document: Document, first: int, last: int, texts: Sequence[str]) -> None:
    """Put lines in the place of others; those that stay as they are keep every byte."""
    common = min(last - first, len(texts))
    for index in range(common):
        if document.lines[first + index].text.rstrip() != texts[index]:
            document.replace(first + index, texts[index])
    document.insert(first + common, *texts[common:])
    document.remove(first + len(texts), last)


def put_items(document: Document, inside: Section, owned: str, texts: Sequence[str]) -> None:
    """Give a section's own list the items of the toolkit; ``owned`` tells which of those there are its own.

    An item goes with the indented lines below it. What people wrote stays where it is.
    """
    stop = (own[-1][0] + 1) if (own := document.own_lines(inside)) else inside.start + 1
    first: int | None = None
    kept: list[int] = []
    taken: list[int] = []
    taking = False
    for index in range(inside.start + 1, stop):
        text = document.lines[index].text
        if text.strip() and not text.startswith((" ", "\t")):
            taking = not document.lines[index].inert and bool(re.search(owned, text, re.IGNORECASE))
        elif not text.strip():
            taking = False
        if taking:
            taken.append(index)
            first = index if first is None else first
        elif text.strip():
            kept.append(index)
    wanted = list(texts) or ([] if kept else ["None"])
    if [document.lines[index].text.rstrip() for index in taken] == wanted:
        return
    if first is None:
        first = kept[-1] + 1 if kept else inside.start + 1
    contiguous = taken == list(range(first, first + len(taken)))
    if contiguous:
        _replace(document, first, first + len(taken), wanted)
        return
    for index in reversed(taken):
        document.remove(index, index + 1)
    document.insert(first, *wanted)
