"""Reads Markdown as sections: headings, check lists, code, links and words, each with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

_WORD = re.compile(r"\w+(?:[-'’./]\w+)*")
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


@dataclass(frozen=True)
class Link:
    """A link or an image; `target` as it is written, `line` is that of the paragraph it stands in, counted from 1."""

    text: str
    target: str
    line: int


class Page:
    """One Markdown text, parsed once."""

    def __init__(self, text: str) -> None:
        """Parse CommonMark; nothing in the text is an error."""
        from markdown_it import MarkdownIt  # it takes long to load, and most runs read no document

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
                title = _plain(self._tokens[index + 1])
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

    def links(self) -> list[Link]:
        """Return all links and images, those by reference too."""
        found = []
        for token in self._tokens:
            children = token.children or []
            for index, child in enumerate(children):
                target = child.attrGet("src" if child.type == "image" else "href")
                if child.type in ("link_open", "image") and isinstance(target, str):
                    text = child.content or (children[index + 1].content if child.type == "link_open" else "")
                    found.append(Link(text, target, _line(token)))
        return found

    def words(self, section: Section | None = None) -> int:
        """Return how many words a reader finds, in a section or on the page: text, tables and code, no headings."""
        first, last = (section.first, section.last) if section else (1, self._lines)
        return sum(
            len(_WORD.findall(token.content))
            for before, token in zip([None, *self._tokens], self._tokens, strict=False)
            if token.type in ("inline", "fence", "code_block")
            and first <= _line(token) <= last
            and not (before and before.type == "heading_open")
        )

    def prose(self) -> list[tuple[int, str]]:
        """Return the texts that are no code, each with the line it begins on."""
        return [(_line(token), token.content) for token in self._tokens if token.type == "inline"]

    def steps(self, section: Section) -> int:
        """Return how many items the lists of a section have."""
        return sum(
            token.type == "list_item_open" and section.first <= _line(token) <= section.last for token in self._tokens
        )

    def anchors(self) -> frozenset[str]:
        """Return the fragments by which the headings can be linked, as the usual hosts make them."""
        taken: dict[str, int] = {}
        found = set()
        for section in self.sections():
            slug = re.sub(r"[^\w\- ]", "", section.title.lower()).replace(" ", "-")
            number = taken.get(slug, 0)
            taken[slug] = number + 1
            found.add(f"{slug}-{number}" if number else slug)
        return frozenset(found)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


def _plain(token: Token) -> str:
    """Return what a reader sees of a line: without marks and without where its links lead."""
    return "".join(child.content for child in token.children or []).strip()
