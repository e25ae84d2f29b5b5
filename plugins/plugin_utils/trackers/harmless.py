"""A last look at a body before it is sent: outside code, nothing mentions, embeds or is HTML.

The documents make every foreign text harmless themselves (`tracking.markdown`); this is for what slips through.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

PARSER = MarkdownIt("commonmark")
_PASSES = 8
_SPAN = re.compile(r"(?<![`\\])(?:\\\\)*(`+)(?!`).*?(?<!`)\1(?!`)")
_TAGS = re.compile(r"<(?:/?details|details open|/?summary|/?b|br)>")
"""Of the documents themselves: they fold what is long, and can do nothing else."""
_UNESCAPED = re.compile(r"(\\*)(`|<(?=[A-Za-z/!?]))")
_BREAKS = (
    (re.compile(r"(?<![\w/])@(?=[A-Za-z0-9])"), "@\u200b"),
    (re.compile(r"(?<![\w&/])#(?=\d)"), "#\u200b"),
    (re.compile(r"\b(GH-)(?=\d)", re.IGNORECASE), "\\1\u200b"),
    (re.compile(r"!(?=\[)"), "!\u200b"),
    # a bare address; one that a document links on purpose stands in parentheses
    (re.compile(r"(?<!\]\()\b(https?|ftp):(?=//)", re.IGNORECASE), "\\1:\u200b"),
    (re.compile(r"(?<![\w/.])www(?=\.)", re.IGNORECASE), "www\u200b"),
    (re.compile(r"\b(javascript|data|vbscript|file)(?=:)", re.IGNORECASE), "\\1\u200b"),
)


def harmless(text: str) -> str:
    """Return Markdown with mentions, references, HTML and images outside of code defused; twice is once.

    What is no HTML any more can make a code block of what was none, and the other way round: so it is looked again
    until nothing changes. A text that never comes to rest is a code block as a whole.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    for _ in range(_PASSES):
        kinds = _kinds(text)
        defused = "\n".join(_line(each, kinds.get(at, "")) for at, each in enumerate(text.split("\n")))
        if defused == text:
            return text
        text = defused
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=2))
    return f"{fence}\n{text}\n{fence}"


def _kinds(text: str) -> dict[int, str]:
    """Return which lines, counted from 0, are fenced code (`fence`) or HTML (`html_block`)."""
    blocks = [each for each in PARSER.parse(text) if each.type in ("fence", "html_block") and each.map]
    return {line: each.type for each in blocks for line in range(*(each.map or (0, 0)))}


def _line(line: str, kind: str) -> str:
    if kind == "fence":
        return line
    pieces, end = [], 0
    for span in _SPAN.finditer(line) if not kind else ():  # within HTML a backtick is one
        pieces += [_defused(line[end : span.start()]), span[0]]
        end = span.end()
    return "".join([*pieces, _defused(line[end:])])


def _defused(text: str) -> str:
    text = _UNESCAPED.sub(_escaped, text)
    for pattern, instead in _BREAKS:
        text = pattern.sub(instead, text)
    return text


def _escaped(found: re.Match[str]) -> str:
    """Escape a backtick, which could find a partner on another line, and what begins HTML.

    Not by a backslash: within the HTML that is let through, it means nothing.
    """
    backslashes, character = found.groups()
    odd = len(backslashes) % 2
    if character == "`":
        return found[0] if odd else f"{backslashes}\\`"
    if _TAGS.match(found.string, found.end() - 1) and not odd:
        return found[0]
    return f"{backslashes[odd:]}&lt;"
