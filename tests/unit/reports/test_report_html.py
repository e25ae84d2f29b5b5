"""The page: the verdict first, nothing from elsewhere, and no text becomes markup."""

from __future__ import annotations

import re

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.reports import html, model
from hostile import judged, read
from hypothesis import HealthCheck, given, settings
from reported.facts import FAILING, RUN, WAIVED, document, verdicts, verification

PAGES = {
    "passing": html.render(document()),
    "failing": html.render(document(verdicts(**FAILING))),
    "waived": html.render(document(verdicts(**WAIVED))),
    "plan": html.render(document(evidence={"path": "", "root_sha256": ""})),
}
LINK = re.compile(r"#[\w%.-]+|\.\./\.\./evidence/[^:]+|report\.(md|json)")


def text_of(page: str) -> str:
    return " ".join(" ".join(read(page).text).split())


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_nothing_comes_from_elsewhere_and_nothing_runs(page: str) -> None:
    found = read(page)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(found.tags)
    assert not [name for name in found.attributes if name.startswith("on")]
    assert [link for link in found.links if not LINK.fullmatch(link)] == []
    assert "url(" not in page
    assert "@import" not in page


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_landmarks_one_title_and_unique_anchors(page: str) -> None:
    found = read(page)
    assert (found.tags["h1"], found.tags["main"], found.tags["header"], found.tags["footer"]) == (1, 1, 1, 1)
    anchors = re.findall(r'\sid="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(anchors)
    assert found.tags["table"] == found.tags["caption"]


def test_the_verdict_comes_first() -> None:
    text = text_of(PAGES["failing"].partition("<main")[2])
    assert text.startswith('id="main"> carbon is not ready for staging 5 of 7 criteria met.')
    assert text.index("What to do next") < text.index("Criteria") < text.index("Gates") < text.index("Proof")


def test_numbers_stand_beside_their_objectives_with_a_trend() -> None:
    page = PAGES["waived"]
    assert "76.12 %" in page
    assert "at least 70 % and at least 71.725 % (baseline 75.5 - 5 %)" in page
    assert 'aria-label="Trend of unit-coverage: 9 runs, 4 passed, 62.4 to 76.12; wanted' in page
    assert "baseline 75.5 %, average of 2 passing runs" in page


def test_waivers_warnings_reuse_and_expiry_are_said() -> None:
    text = text_of(PAGES["waived"])
    for words in (
        "6 of 7 criteria met, 1 waived.",
        "Waived until 31 Dec 2026 by Jane Doe: the vendor mends it in 2.1",
        "no earlier passing result to compare with",
        "19 Nov 2026, 09:00 UTC in run 20261119T090000Z-aaaaaa",
        "Holds until 21 Nov 2026, 08:45 UTC",
        "the word of Jane Doe, 19 Nov 2026",
        "Machine desk System Linux Cores 2 Python 3.11.7",
    ):
        assert words in text


def test_expired_waivers_and_uncommitted_files_are_named() -> None:
    ended = {"owner": "Jane Doe", "reason": "soon", "until": "2026-11-01"}
    said = verdicts(lint={"verdict": "fail", "found": 1, "waiver_expired": ended})
    text = text_of(html.render(document(said, dirty=["a.py", "b.py"])))
    assert "The waiver of Jane Doe ended on 1 Nov 2026: soon" in text
    assert "Not judged, because uncommitted: a.py, b.py" in text


@pytest.mark.parametrize(
    ("found", "words"),
    [(0, "carbon works in staging Its one gate passes."), (2, "carbon does not work in staging 1 gate fails (where).")],
)
def test_a_verification_says_whether_it_works(found: int, words: str) -> None:
    assert words in text_of(html.render(verification(found)))


def test_evidence_is_linked_where_it_was_kept() -> None:
    assert f'href="../../evidence/{RUN}/gates/lint/stdout"' in PAGES["failing"]
    assert "../../evidence" not in PAGES["plan"]
    assert "none was kept" in PAGES["plan"]


def test_a_page_is_small() -> None:
    assert all(len(page.encode()) < 100_000 for page in PAGES.values())


NEUTRAL = set().union(*(read(page).attributes for page in PAGES.values()))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(judged())
def test_no_text_becomes_markup(said: list[dict[str, object]]) -> None:
    found = read(html.render(document(said)))
    assert not {"script", "img", "<!--"} & set(found.tags)
    assert found.tags["h1"] == found.tags["style"] == 1
    assert found.tags["article"] == len(said)
    assert found.attributes <= NEUTRAL
    assert [link for link in found.links if not LINK.fullmatch(link)] == []


@pytest.mark.parametrize("name", ["javascript:alert(1)", "//example.org/x", "https://example.org", "a b?c#d"])
def test_a_path_is_never_an_address(name: str) -> None:
    assert not re.match(r"[a-z]+:|//", html.href(name))


def test_nothing_in_the_model_is_trusted() -> None:
    shown = html.render({**document(), "component": "<b>", "run": "<i>", "headline": "<u>"})
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert model.SCHEMA == 1
