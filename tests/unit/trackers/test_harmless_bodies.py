"""Whatever a tool prints: sent, it mentions nobody, loads nothing, closes nothing and fits."""

from __future__ import annotations

import re

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.trackers import limits
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.harmless import harmless
from ansible_collections.tta.ops.plugins.plugin_utils.tracking.markdown import block, code, prose
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
PIECES = [
    *("@team ", "#12 ", "GH-7 ", "fixes #3", "octo/tta#4 ", "x@y.example ", "a", " ", "\u202e", "\\", "| "),
    *(
        "<img src=x onerror=y>",
        "<!-- ",
        "-->",
        "<details open>",
        "</details>",
        "<b>",
        "<script>",
        "<https://e.example>",
    ),
    *("```\n", "~~~\n", "`", "``", "\n\n", "\n", "    ", "- ", "> "),
    *("![x](https://e.example/p.png)", "[x](javascript:y)", "https://e.example ", "www.e.example "),
]
NASTY = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
ALLOWED_HTML = re.compile(r"</?(?:details|summary|b)>|<details open>|<br>")


def live(text: str) -> tuple[str, list[Token]]:
    """All text that is not code, as a reader of the page gets it, and all other tokens."""
    tokens = [one for each in MARKDOWN.parse(text) for one in [each, *(each.children or [])]]
    return "\n".join(each.content for each in tokens if each.type == "text"), tokens


def assert_harmless(text: str) -> None:
    words, tokens = live(text)
    assert not re.search(r"(?<![\w/])@[A-Za-z0-9]", words)
    assert not re.search(r"(?<![\w&/])#\d", words)
    assert not re.search(r"\bGH-\d", words)
    assert not re.search(r"\bhttps?://", words)
    assert not [each for each in tokens if each.type == "image"]
    html = "".join(each.content for each in tokens if each.type in ("html_inline", "html_block"))
    assert "<" not in ALLOWED_HTML.sub("", html)
    for each in tokens:
        assert not str((each.attrs or {}).get("href", "")).lower().startswith(("javascript:", "data:"))


@given(NASTY)
def test_a_body_that_nobody_escaped(text: str) -> None:
    assert_harmless(harmless(text))


@given(NASTY)
def test_twice_is_once(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


@given(NASTY, NASTY, NASTY)
def test_what_the_documents_write_of_a_tool_stays_what_it_is(one: str, other: str, third: str) -> None:
    text = "\n".join(["# Found", prose(one), f"- {code(other)}", "", *block(third), "", "The end."])
    assert_harmless(harmless(text))
    assert [each.content for each in MARKDOWN.parse(harmless(text)) if each.type == "inline"][-1] == "The end."
    assert [each.content for each in MARKDOWN.parse(harmless(text)) if each.type == "fence"][-1:] == [
        each.content for each in MARKDOWN.parse(text) if each.type == "fence"
    ][-1:]


@pytest.mark.parametrize(
    "text",
    ["see [the run](https://ci.example/1)", "`@team #1 <img>`", "```\n@team <img> #1\n```", "a & b", "x@y.example"],
)
def test_what_is_meant_stays(text: str) -> None:
    assert harmless(text) == text


@settings(max_examples=25)
@given(NASTY, st.integers(600, 900))
def test_a_cut_body_fits_and_says_so(text: str, most: int) -> None:
    long = f"{text}\n" * 30
    found = limits.body(harmless(long), most)
    assert len(found) <= most
    if len(harmless(long)) > most:
        assert "characters more are beside the ledger." in found
    assert_harmless(found)


@pytest.mark.parametrize("opening", ["```", "````text", "~~~", "  ```", "- ```"])
def test_a_cut_code_block_is_closed(opening: str) -> None:
    indent = "  " if opening.startswith((" ", "-")) else ""
    found = limits.body(f"{opening}\n" + f"{indent}@team <img>\n" * 500, 1000)
    words, _ = live(found)
    assert "cut here" in words
    assert "team" not in words
    assert found.count("@team <img>") > 25


@pytest.mark.parametrize(("most", "text"), [(256, "t" * 257), (50, "a " * 60)])
def test_a_line_is_cut(most: int, text: str) -> None:
    assert len(limits.line(text, most)) <= most
    assert limits.line(text, most).endswith(" …")
