"""The Markdown: short on top, below the size that a comment takes, and no text of others becomes markup."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.reports import markdown
from hostile import TEXT, judged, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from reported.facts import FAILING, WAIVED, document, judgement, survey_document, verdicts
from reported.facts import surveyed as five

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
ALLOWED = {"h2", "p", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "b", "ul", "li", "code", "pre"}


def shown(document: dict[str, Any]) -> Any:
    text = markdown.render(document)
    assert len(text) <= markdown.LONGEST
    return read(READER.render(text))


def test_the_verdict_and_the_criteria_come_first() -> None:
    lines = markdown.render(document(verdicts(**FAILING))).splitlines()
    assert lines[0] == "## ❌ NOT READY carbon → staging 5/7"
    assert lines[2] == "2 gates fail (unit-coverage, lint), 1 gate is inconclusive (types).".replace(
        "(", "\\("
    ).replace(")", "\\)")
    assert "| 2 | Unit tests and coverage | ❌ fails | 0 failed \\(120 tests\\); 60.27 % \\(73 statements\\) |" in lines


def test_refusing_gates_are_open_and_say_what_to_do() -> None:
    text = markdown.render(document(verdicts(**FAILING)))
    assert text.count("<details open>") == 3
    assert "- Next: Mend what lint found." in text
    assert text.rstrip().endswith("ansible-playbook gates.yml -e component=carbon -e stage=staging\n```")


def test_waivers_warnings_and_reuse_stand_above_the_fold() -> None:
    top = markdown.render(document(verdicts(**WAIVED))).partition("<details")[0]
    for words in (
        "- ⚠️ `dependencies-stable`: no earlier passing result",
        "- ⏸️ `security`: waived until `2026-12-31` by `Jane Doe`: the vendor",
        "earned before: `unit-tests`",
        "Holds until `2026-11-21T08:45:31Z`",
    ):
        assert words in top


def test_expired_waivers_and_uncommitted_files_are_named() -> None:
    ended = {"owner": "Jane Doe", "reason": "soon", "until": "2026-11-01"}
    said = verdicts(lint={"verdict": "fail", "found": 1, "waiver_expired": ended})
    top = markdown.render(document(said, dirty=["a.py", "b`c.py"])).partition("<details")[0]
    assert "- ❌ `lint`: no longer waived until `2026-11-01` by `Jane Doe`: soon\n" in top
    assert "- Not judged, uncommitted: `a.py`, ``b`c.py``\n" in top


@pytest.mark.parametrize(("longest", "details"), [(60_000, 11), (5_000, 3), (3_000, 0)])
def test_what_is_too_long_is_left_to_the_page(longest: int, details: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "LONGEST", longest)
    flood = {"cause": "\n".join("x" * 900 for _ in range(8))}
    said = {name: {**changes, **(flood if name == "lint" else {})} for name, changes in FAILING.items()}
    text = markdown.render(document(verdicts(**said)))
    assert len(text) <= longest
    assert text.count("<details") == details
    assert ("it is in the page of this report" in text) == (details < 11)
    assert "| 2 | Unit tests and coverage | ❌ fails |" in text


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(judged())
def test_no_text_becomes_markup(said: list[dict[str, Any]]) -> None:
    found = shown(document(said))
    assert set(found.tags) <= ALLOWED
    assert (found.tags["h2"], found.tags["table"], found.links) == (1, 1, [])
    assert found.tags["details"] in (0, len(said), sum(each["verdict"] != "pass" for each in said))
    assert found.tags["tr"] == 1 + 8


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(judged(), TEXT, st.sampled_from([0, 4]))
def test_no_text_becomes_markup_in_a_survey(said: list[dict[str, Any]], text: str, place: int) -> None:
    found = five()
    found[place] = found[place].__class__(
        "carbon2", "development", "staging", judgement(said, "carbon2") if place else None, text, text, text
    )
    page = shown(survey_document(found))
    assert set(page.tags) <= ALLOWED | {"br"}
    assert (page.tags["h2"], page.tags["table"], page.links) == (1, 2, [])
