"""Text from tools cannot do anything to a page."""

from __future__ import annotations

import re

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.tracking.markdown import LONGEST, block, clean, code, prose
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

HOSTILE = [
    "<script>alert(1)</script>",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "``` \n# heading",
    "a `b` ``c``",
    "| cell | cell |",
    "# heading",
    "> quote",
    "**bold** _under_ ~~gone~~",
    "&lt;b&gt; <!-- ",
]


def rendered(text: str) -> str:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    for page in (f"before {prose(text)} after", f"before {code(text)} after", "\n".join(block(text))):
        tags = set(re.findall(r"<(\w+)", rendered(page)))
        assert tags <= {"p", "code", "pre"}, page


@given(st.text())
def test_a_code_span_says_exactly_what_it_was_given(text: str) -> None:
    line = " ".join(clean(text).split())
    tokens = MarkdownIt("commonmark").parseInline(f"x {code(text)} x")[0].children or []
    spans = [token.content for token in tokens if token.type == "code_inline"]
    assert spans == ([line] if line else [])


@given(st.text())
def test_a_block_holds_its_text(text: str) -> None:
    tokens = MarkdownIt("commonmark").parse("\n".join([*block(text), "", "after"]))
    assert [token.type for token in tokens][:2] == ["fence", "paragraph_open"]
    assert len(tokens) == 4


def test_prose_points_at_nobody() -> None:
    line = prose("@jane fixed #12, see https://x.example and www.x.example")
    assert not re.search(r"@\w|#\d|://|www\.", line)


def test_names_stay_readable() -> None:
    assert prose("gameplay_loop") == "gameplay_loop"


def test_control_characters_go_and_long_text_is_cut() -> None:
    assert clean("a\x1b[31mb\u202ec\r\nd") == "a[31mbc\nd"
    assert clean("x" * (LONGEST + 5)).endswith("(5 characters more)")
