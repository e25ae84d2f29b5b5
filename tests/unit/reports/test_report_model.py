"""The document of a judgement: what the page, the Markdown and other programs are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.reports import sparkline, write
from hostile import judged
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from reported.facts import FAILING, RUN, WAIVED, document, past, survey_document, verdicts

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schemas/report.schema.json").read_text())


def closed(schema: Any) -> Any:
    """The schema that also says no to keys that it does not describe."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    more = {"additionalProperties": False} if "properties" in schema else {}
    return {key: closed(each) for key, each in schema.items()} | more


STRICT = Draft202012Validator(closed(SCHEMA))
DOCUMENTS = {
    "passing": document(),
    "failing": document(verdicts(**FAILING)),
    "waived": document(verdicts(**WAIVED)),
    "first run": document(runs=[]),
    "partial": document(verdicts()[1:], left_out=("features",)),
    "survey": survey_document(),
    "empty survey": survey_document([]),
}


@pytest.mark.parametrize("found", DOCUMENTS.values(), ids=list(DOCUMENTS))
def test_documents_are_what_the_schema_publishes(found: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert [f"{each.json_path}: {each.message}" for each in STRICT.iter_errors(json.loads(json.dumps(found)))] == []


@pytest.mark.parametrize("change", [{"outcome": "fine"}, {"schema": 2}, {"gates": [{}]}, {"criteria": None}])
def test_the_schema_says_no(change: dict[str, Any]) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid({**document(), **change})


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(judged())
def test_whatever_verdicts_hold_the_document_is_valid_and_can_be_written(said: list[dict[str, Any]]) -> None:
    found = document(said)
    assert STRICT.is_valid(found)
    json.dumps(found, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    ("said", "left_out", "outcome", "headline"),
    [
        (verdicts(), (), "ready", "READY carbon → staging 7/7"),
        (verdicts(**FAILING), (), "refused", "NOT READY carbon → staging 5/7"),
        (verdicts(**WAIVED), (), "ready", "READY carbon → staging 6/7, 1 waived, 1 warning"),
        (
            verdicts()[1:],
            ("features",),
            "partial",
            "PASSED 10 of 11 gates: carbon → staging",
        ),
        (verdicts(**WAIVED)[1:], ("features",), "partial", "PASSED 9 of 11 gates, 1 waived: carbon → staging"),
        (verdicts(**FAILING)[1:], ("features",), "refused", "NOT READY carbon → staging: 3 of 10 gates judged said no"),
        (
            verdicts(compose_file={"verdict": "inconclusive", "found": None}),
            (),
            "refused",
            "NOT READY carbon → staging 7/7 but it cannot be deployed",
        ),
    ],
)
def test_outcome_and_headline(
    said: list[dict[str, Any]], left_out: tuple[str, ...], outcome: str, headline: str
) -> None:
    found = document(said, left_out=left_out)
    assert (found["outcome"], found["headline"]) == (outcome, headline)


def test_a_promotion_says_that_it_did_not_happen() -> None:
    assert document(verdicts(**FAILING), verb="promote-staging")["headline"] == "NOT PROMOTED carbon → staging 5/7"


def test_an_expired_waiver_lets_nothing_through() -> None:
    ended = {"owner": "Jane", "reason": "soon", "until": "2026-11-01"}
    found = document(verdicts(lint={"verdict": "fail", "found": 1, "waiver": None, "waiver_expired": ended}))
    assert found["outcome"] == "refused"
    assert next(each for each in found["gates"] if each["gate"] == "lint")["waiver_expired"] == ended


def test_what_to_do_next() -> None:
    failing, ready = document(verdicts(**FAILING)), document()
    assert [step["gate"] for step in failing["next"]] == ["unit-coverage", "lint", "types", ""]
    assert failing["next"][-1]["command"] == "ansible-playbook gates.yml -e component=carbon -e stage=staging"
    assert ready["next"][0]["command"] == "ansible-playbook promote-staging.yml -e component=carbon"
    assert document(verb="promote-staging")["next"] == []


def test_a_trend_is_of_earned_verdicts_and_ends_with_this_one() -> None:
    gate = next(each for each in document()["gates"] if each["gate"] == "unit-coverage")
    assert [point["found"] for point in gate["trend"]][-4:] == [70.9, 72.6, 74.3, 76.12]
    assert gate["trend"][-1]["run"] == RUN
    assert gate["trend_words"] == "9 runs, 4 passed, 62.4 to 76.12"
    reused = {"reused_from": past()[0].run, "found": 74.3, "earned": "2026-11-19T08:00:00Z"}
    again = next(each for each in document(verdicts(unit_coverage=reused))["gates"] if each["gate"] == "unit-coverage")
    assert [point["found"] for point in again["trend"]][-3:] == [70.9, 72.6, 74.3]
    assert again["trend"][-1]["run"] == past()[0].run


def test_what_is_of_earlier_runs_alone_was_judged_when_it_was_asked_for() -> None:
    said = [{**each, "reused_from": "run", "earned": "2026-11-19T09:00:20Z"} for each in verdicts()]
    times = document(said)["times"]
    assert {times["began"], times["ended"]} == {"2026-11-20T08:45:01Z"}
    assert document()["times"]["ended"] == "2026-11-20T08:45:31Z"


def test_the_line_of_a_trend_has_a_gap_where_nothing_was_found() -> None:
    gate = next(each for each in document()["gates"] if each["gate"] == "unit-coverage")
    line = sparkline.draw(gate["trend"], gate["thresholds"], 75.5)
    assert line is not None
    assert [dot.y is None for dot in line.dots] == [False, False, False, True, False, False, False, False, False]
    assert len(line.paths) == 2
    assert line.baseline is not None and line.baseline < line.objectives[0]
    assert sparkline.draw(gate["trend"][-1:], [], None) is None


def test_the_report_is_written_as_page_markdown_and_json(tmp_path: Path) -> None:
    paths = write(tmp_path / "reports" / RUN, document())
    assert json.loads(Path(paths["json"]).read_text(encoding="utf-8")) == document()
    assert Path(paths["html"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert Path(paths["md"]).read_text(encoding="utf-8").startswith("## ✅ READY carbon")
    assert write(tmp_path / "reports" / RUN, document()) == paths


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match="the report cannot be written to"):
        write(tmp_path / "file", document())
