"""Reads Markdown as sections: headings, check lists and fenced code, each with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_BOX = re.compile(r"\[(?P<mark>[ xX])\]\s+(?P<text>\S.*)", re.DOTALL)


@dataclass(frozen=True)
class Item:
    """One line of a check list; `line` counts from 1."""

    text: str
    ticked: bool
    line: int


@dataclass(frozen=True)
class Code:
    """One block of code; `line` is that of its first line of code, counted from 1. Indented blocks have no language."""

    language: str
    text: str
    line: int


@dataclass(frozen=True)
class Section:
    """A heading with everything below it, subsections included; `first` to `last` are its lines, counted from 1."""

    title: str
    level: int
    first: int
    last: int


class Page:
    """One Markdown text, parsed once."""

    def __init__(self, text: str) -> None:
        """Parse CommonMark; nothing in the text is an error."""
        self._tokens = MarkdownIt("commonmark").parse(text)
        self._lines = text.count("\n") + 1

    def sections(self) -> list[Section]:
        """Return all sections in their order."""
        found = []
        for index, token in enumerate(self._tokens):
            if token.type == "heading_open" and token.level == 0:
                level = int(token.tag[1:])
                later = (other for other in self._tokens[index + 1 :] if other.type == "heading_open")
                end = next((_line(other) - 1 for other in later if int(other.tag[1:]) <= level), self._lines)
                title = _plain(self._tokens[index + 1].content)
                found.append(Section(title, level, _line(token), end))
        return found

    def section(self, pattern: str) -> Section | None:
        """Return the first section whose title has a match of a pattern, upper and lower case alike."""
        return next((one for one in self.sections() if re.search(pattern, one.title, re.IGNORECASE)), None)

    def check_list(self, section: Section) -> list[Item]:
        """Return the items with a box in a section."""
        items = []
        for opened, content in zip(self._tokens, self._tokens[2:], strict=False):
            if opened.type == "list_item_open" and section.first <= _line(opened) <= section.last:
                match = _BOX.match(content.content)
                if match:
                    items.append(Item(" ".join(match["text"].split()), match["mark"] != " ", _line(opened)))
        return items

    def code(self) -> list[Code]:
        """Return all blocks of code."""
        blocks = []
        for token in self._tokens:
            if token.type in ("fence", "code_block"):
                language = token.info.strip().split()[0].lower() if token.info.strip() else ""
                blocks.append(Code(language, token.content, _line(token) + (token.type == "fence")))
        return blocks


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


def _plain(text: str) -> str:
    return re.sub(r"[*_`]", "", text).strip()
