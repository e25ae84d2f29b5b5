"""Blank lines where Markdown wants them."""

from __future__ import annotations

from collections.abc import Iterable


def spaced(lines: Iterable[str]) -> list[str]:
    """Return the lines with a blank one around every heading, never two in a row."""
    found: list[str] = []
    for line in lines:
        heading = line.startswith("#")
        after_heading = bool(found) and found[-1].startswith("#")
        if found and found[-1] and (heading or (after_heading and line)):
            found.append("")
        if line or (found and found[-1]):
            found.append(line)
    return found
