"""The survey: nearest to ready first, blockers in words, as page, table and block of the status page."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.reports import html, survey
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import page, pipeline
from hostile import read
from reported.facts import judgement, survey_document, verdicts
from reported.facts import surveyed as five

DOCUMENT = survey_document()


def test_nearest_to_ready_first() -> None:
    order = [(entry["priority"], entry["component"], entry["outcome"]) for entry in DOCUMENT["pipeline"]]
    assert order == [
        (1, "carbon", "ready"),
        (2, "narrative_coherence", "refused"),
        (3, "gameplay_loop", "refused"),
        (4, "postgres", "not-judged"),
    ]
    assert DOCUMENT["headline"] == "SURVEY 5 components, 3 judged: 1 ready for the next stage (carbon)"


def test_what_to_do_next_goes_by_priority() -> None:
    assert [step["component"] for step in DOCUMENT["next"]] == ["carbon", "narrative_coherence", "gameplay_loop"]
    assert DOCUMENT["next"][0]["command"] == "ansible-playbook promote-staging.yml -e component=carbon"


def test_the_terminal_shows_the_pipeline() -> None:
    told = survey.report(DOCUMENT, page="/reports/report.html")
    assert told["table"]["rows"][2] == [
        "gameplay_loop",
        "development",
        "staging",
        "5/7",
        "unit-coverage 60.27 % (73 statements), wanted at least 70 % and at least the baseline - 5 %; "
        "lint 7 findings (120 files), wanted 0 findings; types inconclusive: pyright ended by signal 9",
    ]
    assert told["table"]["rows"][0][-1] == "ready"
    assert told["rows"] == [["report", "/reports/report.html"]]


def test_the_page_links_each_components_own() -> None:
    shown = html.render(DOCUMENT)
    assert 'href="../20261120T084501Z-1a2b3c-carbon/report.html"' in shown
    text = " ".join(" ".join(read(shown).text).split())
    assert "1 of 4 components are ready for the next stage" in text
    assert text.index("carbon development → staging") < text.index("gameplay_loop development → staging")


def test_a_plan_has_no_pages_to_link() -> None:
    planned = judgement(verdicts(), "carbon") | {"pages": {"html": "", "md": "", "json": ""}}
    found = survey_document([survey.Surveyed("carbon", "development", "staging", planned)])
    assert found["pipeline"][0]["href"] is None
    assert "report.html" not in html.render(found)


def test_the_status_page_gets_the_pipeline_and_keeps_peoples_text() -> None:
    before = page.write("# Ours\n\nText.\n", page.rows(["carbon"], {"carbon": "development"}, []))
    after = page.survey(before, DOCUMENT)
    assert after.startswith(before)
    assert "| 2 | narrative_coherence | development → staging | 6/7 | unit-coverage |" in after
    assert "| gameplay_loop | lint | 7 findings \\(120 files\\) | 0 findings | Mend what lint found. |" in after
    assert "| 4 | postgres | staging → production |  | postgres has uncommitted files: Dockerfile |" in after
    assert "| 1 | carbon | development → staging | 6/7, 1 waived | none: ready |" in after
    assert "Judged on 2026-11-20, nearest to ready first." in after
    assert page.survey(after, DOCUMENT) == after
    assert page.survey(after + "\nMore.\n", DOCUMENT).endswith("\nMore.\n")


def test_a_promotion_leaves_the_pipeline_alone() -> None:
    with_both = page.survey(page.write(None, []), DOCUMENT)
    assert pipeline.BEGIN in page.write(with_both, page.rows(["carbon"], {}, []))


@pytest.mark.parametrize("text", [pipeline.BEGIN, pipeline.END + pipeline.BEGIN])
def test_broken_markers_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="each once"):
        page.survey(text, DOCUMENT)


def test_a_part_of_the_gates_makes_nobody_ready() -> None:
    part = judgement(verdicts(), "carbon") | {"promotable": False}
    found = survey_document([survey.Surveyed("carbon", "development", "staging", part), *five()[:2]])
    told = survey.report(found)["table"]["rows"]
    assert (found["pipeline"][0]["outcome"], told[0][-1]) == ("partial", "not all gates judged")
