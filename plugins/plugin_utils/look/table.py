"""Rows: two columns, or a table of many that stacks where it does not fit."""

from __future__ import annotations

from collections.abc import Sequence

from .style import Look
from .wrap import cells, indented, wrap

_GAP = 2


def pairs(rows: Sequence[Sequence[str]], look: Look, indent: int = 2) -> list[str]:
    """Label and text side by side; under 80 columns, or beside a very long label, the text stands below."""
    labels = max((cells(label) for label, _ in rows), default=0)
    lines: list[str] = []
    for label, text in rows:
        column = indent + labels + _GAP
        if look.stacked or column > look.width // 2:
            lines += [" " * indent + look.paint(label, "quiet"), *indented(text, look.width, indent + 2)]
            continue
        first, *rest = indented(text, look.width, column) or [""]
        space = " " * (labels - cells(label) + _GAP)
        lines += [" " * indent + look.paint(label, "quiet") + space + first.lstrip(), *rest]
    return lines


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], look: Look) -> list[str]:
    """A table with a heading; the last column takes the rest of the width and wraps.

    Under 80 columns, or where the other columns leave it less than 20, each row becomes a block: its first
    cell as a heading, the others as label and text.
    """
    if not rows:
        return []
    fixed = [max(cells(row[index]) for row in [columns, *rows]) for index in range(len(columns) - 1)]
    rest = look.width - sum(fixed) - _GAP * len(fixed)
    if look.stacked or rest < 20:
        return [line for row in rows for line in _block(columns, row, look)]
    lines = [look.paint(line, "quiet") for line in _line(columns, fixed, rest)]
    for row in rows:
        lines += _line(row, fixed, rest)
    return lines


def _line(row: Sequence[str], fixed: Sequence[int], rest: int) -> list[str]:
    head = "".join(cell + " " * (width - cells(cell) + _GAP) for cell, width in zip(row, fixed, strict=False))
    first, *more = wrap(row[-1], rest)
    margin = " " * (sum(fixed) + _GAP * len(fixed))
    return [(head + first).rstrip(), *(margin + line for line in more)]


def _block(columns: Sequence[str], row: Sequence[str], look: Look) -> list[str]:
    heading, *cells_below = row
    below = [[label, text] for label, text in zip(columns[1:], cells_below, strict=True) if text]
    lines = [look.paint(heading, "strong")]
    for label, text in below:
        if cells(label) + cells(text) + 4 <= look.width:
            lines.append(f"  {look.paint(label, 'quiet')}: {text}")
        else:
            lines += [f"  {look.paint(label, 'quiet')}:", *indented(text, look.width, 4)]
    return lines
