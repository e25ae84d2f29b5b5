"""Break prose at a width, and leave alone what somebody will copy."""

from __future__ import annotations

import re
import unicodedata

_COMMAND = re.compile(
    r"^(?P<prose>.*?(?::|\btype|\brun|\bwith)\s+)?"
    r"(?P<command>(?:sudo|ansible-playbook|ansible-vault|make|docker|git|pip|uv|uvx|curl|apt-get|chmod|vi)\s+\S.*)$"
)


def cells(text: str) -> int:
    """Columns that a text takes on a terminal (wide characters take two, combining ones none)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` columns, with three dots where something is missing."""
    if cells(text) <= width:
        return text
    kept = ""
    for char in text:
        if cells(kept) + cells(char) > max(width - 3, 0):
            break
        kept += char
    return kept + "..."


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns; words are never broken, given line breaks are kept."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            if line and cells(line) + 1 + cells(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return lines


def indented(text: str, width: int, indent: int) -> list[str]:
    """Prose wrapped and indented."""
    return [" " * indent + line if line else "" for line in wrap(text, max(width - indent, 20))]


def command_lines(command: str, width: int, indent: int) -> list[str]:
    """A command to be copied: indented where it fits, else from the first column, never broken."""
    lines = [line.rstrip() for line in command.splitlines() if line.strip()]
    return [" " * indent + line if indent + cells(line) <= width else line for line in lines]


def split_command(line: str) -> tuple[str, str]:
    """(prose, command) of a line of a message that ends in something to type; command "" where it does not."""
    match = _COMMAND.match(line)
    if not match:
        return line, ""
    return (match["prose"] or "").rstrip(), match["command"]


def message_lines(message: str, width: int, indent: int) -> list[str]:
    """A message for a person: its prose wrapped, what is to be typed on lines of its own."""
    lines: list[str] = []
    for line in message.splitlines():
        if cells(line) + indent <= width:
            lines.append(" " * indent + line if line else "")
            continue
        prose, command = split_command(line)
        if prose:
            lines.extend(indented(prose, width, indent))
        if command:
            lines.extend(command_lines(command, width, indent + 2))
    return lines
