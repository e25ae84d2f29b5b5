"""The page of all components: one table, and nobody's text is touched."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import page
from hypothesis import given
from hypothesis import strategies as st
from tracking_facts import STAGES, promoted

ROWS = page.rows(STAGES, {**STAGES, "carbon": "staging"}, [promoted()])


def test_rows() -> None:
    assert ROWS == [
        [
            "carbon",
            "staging",
            "2026-11-20",
            "7/7",
            "76.1%",
            "2026-11-27",
            "7 days in staging, until 2026-11-27",
        ],
        ["gameplay_loop", "development", "", "", "", "", "promotion to staging"],
        ["redis", "production", "", "", "", "", ""],
    ]


def test_a_genesis_record_says_since_when() -> None:
    genesis = promoted(event="genesis", component="redis", environment="production", data={})
    assert page.rows(["redis"], STAGES, [genesis])[0][2:6] == ["2026-11-20", "", "", ""]


def test_a_missing_page_is_made() -> None:
    text = page.write(None, ROWS)
    assert text.startswith(f"# Component Maturity Status\n\n{page.BEGIN}\n| Component | Stage |")
    assert "| gameplay_loop | development |" in text
    assert text.endswith(f"{page.END}\n")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",))).map(lambda text: text.replace("\r", ""))


@given(TEXTS, TEXTS)
def test_the_text_around_is_kept_to_the_byte(before: str, after: str) -> None:
    old = before + page.BEGIN + "\nold\n" + page.END + after
    new = page.write(old, ROWS)
    assert new.startswith(before)
    assert new.endswith(after)
    assert page.write(new, ROWS) == new
    assert "\nold\n" not in new[len(before) : len(new) - len(after)]


@given(TEXTS)
def test_a_page_without_markers_gets_the_table_at_its_end(text: str) -> None:
    new = page.write(text, ROWS)
    assert new.startswith(text)
    assert page.write(new, ROWS) == new


def test_crlf_stays() -> None:
    new = page.write("Title\r\n", ROWS)
    assert new.count("\n") == new.count("\r\n")


@pytest.mark.parametrize("text", [page.BEGIN, page.END, page.END + page.BEGIN, (page.BEGIN + page.END) * 2])
def test_broken_markers_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="each once"):
        page.write(text, ROWS)
