"""A Markdown file as lines that go back together to the byte, and where its sections begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..refusal import Refusal

BOM = "\ufeff"
_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_HEADING = re.compile(r" {0,3}(?P<level>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])([ \t]*\1){2,}[ \t]*$")
ITEM = re.compile(r"\s*(?P<mark>[-*+]|(?P<number>\d+)[.)])\s+(?P<text>.*?)\s*$")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")


class MaturityError(Refusal):
    """A MATURITY.md that cannot be understood, and so is not written to."""


@dataclass
class Line:
    """Text and line ending; ``inert`` inside a code block or a comment, where nothing is a field."""

    text: str
    end: str
    inert: bool = False


@dataclass(frozen=True)
class Section:
    """Lines from ``start`` (its heading) up to, not including, ``stop``."""

    title: str
    level: int
    start: int
    stop: int


def decode(data: bytes, name: str) -> str:
    """The text of a file, byte order mark and all; ``MaturityError`` for anything that is not UTF-8 text."""
    if b"\0" in data:
        raise MaturityError(f"{name} is a binary file", "a Markdown file", f"git log -- {name}")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MaturityError(
            f"{name} is not UTF-8 (byte {error.start + 1})", "UTF-8", f"iconv -t utf-8 {name}"
        ) from error


class Document:
    """The lines of a file, and changes to them that leave all others alone."""

    def __init__(self, text: str) -> None:
        """Split ``text``; ``str()`` of the document gives it back."""
        self.lines = [Line(match[1], match[2]) for match in _LINE.finditer(text) if match[0]]
        self._newline = next((line.end for line in self.lines if line.end), "\n")
        self._sections: list[Section] | None = None
        self._mark_inert()

    def __str__(self) -> str:
        """The whole text."""
        return "".join(line.text + line.end for line in self.lines)

    def live(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, str]]:
        """(index, text) of the lines that can hold fields."""
        for index, line in enumerate(self.lines[start:stop], start):
            if not line.inert:
                yield index, line.text.removeprefix(BOM)

    def sections(self) -> list[Section]:
        """All sections, each with those of a deeper level inside."""
        if self._sections is None:
            self._sections = self._found_sections()
        return self._sections

    def _found_sections(self) -> list[Section]:
        heads = [(index, match) for index, text in self.live() if (match := _HEADING.match(text))]
        found = []
        for place, (index, match) in enumerate(heads):
            level = len(match["level"])
            later = (at for at, other in heads[place + 1 :] if len(other["level"]) <= level)
            found.append(Section(match["title"], level, index, next(later, len(self.lines))))
        return found

    def replace(self, index: int, text: str) -> None:
        """Give a line another text; blanks at its end (a Markdown line break) stay."""
        old = self.lines[index].text
        self._sections = None
        self.lines[index].text = text + old[len(old.rstrip(" \t")) :]

    def insert(self, index: int, *texts: str) -> None:
        """Put new lines before line ``index``; a file without a newline at its end stays so."""
        if not texts:
            return
        self._sections = None
        if index == len(self.lines) and self.lines and not self.lines[-1].end:
            self.lines[-1].end = self._newline
            self.lines += [Line(text, self._newline) for text in texts]
            self.lines[-1].end = ""
            return
        self.lines[index:index] = [Line(text, self._newline) for text in texts]

    def remove(self, start: int, stop: int) -> None:
        """Take lines away."""
        self._sections = None
        del self.lines[start:stop]

    def own_lines(self, section: Section) -> list[tuple[int, str]]:
        """(index, text) below the heading; a rule or a heading of a deeper level ends what is the section's own."""
        own = []
        for index, text in self.live(section.start + 1, section.stop):
            if _RULE.match(text) or _HEADING.match(text):
                break
            own.append((index, text))
        return own

    def end_of_list(self, section: Section) -> int:
        """The line after which the section's own list goes on: its last item, else its text, else its heading."""
        own = self.own_lines(section)
        items = [index for index, text in own if ITEM.match(text)]
        filled = [index for index, text in own if text.strip()]
        return (items or filled or [section.start])[-1]

    def _mark_inert(self) -> None:
        fence, comment = "", False
        for line in self.lines:
            match = _FENCE.match(line.text)
            if fence:
                line.inert = True
                if match and match["fence"].startswith(fence) and not line.text.strip(" `~"):
                    fence = ""
            elif comment:
                line.inert = True
                comment = "-->" not in line.text
            elif match:
                line.inert, fence = True, match["fence"]
            elif "<!--" in line.text and "-->" not in line.text.rpartition("<!--")[2]:
                line.inert = comment = True
