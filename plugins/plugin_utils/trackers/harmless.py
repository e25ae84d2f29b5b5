"""A last look at a body before it is sent: outside code, nothing mentions, embeds or is HTML.

The documents make every foreign text harmless themselves (`tracking.markdown`); this is for what slips through.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^ *(?:[-*+] +|> ?)*(`{3,}|~{3,})")
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)")
_TAGS = "(?:/?details|details open|/?summary|/?b|br)"
"""Of the documents themselves: they fold what is long, and can do nothing else."""
_BREAKS = (
    # a backtick without its partner could find one on another line
    (re.compile(r"(?<!\\)`"), "\\`"),
    (re.compile(rf"(?<!\\)<(?=[A-Za-z/!?])(?!{_TAGS}>)"), "&lt;"),
    (re.compile(r"(?<![\w/])@(?=[A-Za-z0-9])"), "@\u200b"),
    (re.compile(r"(?<![\w&/])#(?=\d)"), "#\u200b"),
    (re.compile(r"\b(GH-)(?=\d)", re.IGNORECASE), "\\1\u200b"),
    (re.compile(r"!(?=\[)"), "\\!"),
    # a bare address; one that a document links on purpose stands in parentheses
    (re.compile(r"(?<!\]\()\b(https?|ftp):(?=//)", re.IGNORECASE), "\\1:\u200b"),
    (re.compile(r"(?<![\w/.])www(?=\.)", re.IGNORECASE), "www\u200b"),
    (re.compile(r"(\]\(\s*)(?=(?:javascript|data|vbscript|file):)", re.IGNORECASE), "\\1about:blank#"),
)


def harmless(text: str) -> str:
    """Return Markdown with mentions, references, HTML and images outside of code defused; twice is once."""
    lines, fence = [], ""
    for each in text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n"):
        found = _FENCE.match(each)
        if fence:
            closes = found and found[1][0] == fence[0] and len(found[1]) >= len(fence)
            fence = "" if closes and found and not each[found.end() :].strip() else fence
            lines.append(each)
        elif found and (found[1][0] == "~" or "`" not in each[found.end() :]):
            fence = found[1]
            lines.append(each)
        else:
            lines.append(_outside_spans(each))
    return "\n".join(lines)


def _outside_spans(line: str) -> str:
    pieces, end = [], 0
    for span in _SPAN.finditer(line):
        pieces += [_defused(line[end : span.start()]), span[0]]
        end = span.end()
    return "".join([*pieces, _defused(line[end:])])


def _defused(text: str) -> str:
    for pattern, instead in _BREAKS:
        text = pattern.sub(instead, text)
    return text
