"""Another catalogue of gates over the evidence of past promotions: what it would have refused, and why."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates import policy
from ansible_collections.tta.ops.plugins.plugin_utils.gates.criteria import of_stage
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judgement import judge_component
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.waivers import Waiver
from judgements import Monorepo, gate, one_each

RUNS = ("20261118T084501Z-aaaaaa", "20261119T084501Z-bbbbbb", "20261120T084501Z-cccccc")
FIRST = "core-features-gate"


class Past:
    """Three promotions of `web` to staging, with 2, 1 and 0 features open; the objective then was `<= 2`."""

    def __init__(self, folder: Path, promotions: list[dict[str, Any]]) -> None:
        self.folder, self.evidence, self.promotions = folder, folder / "operator" / "evidence", promotions

    def under(self, *definitions: Mapping[str, Any], **changed: Any) -> list[tuple[str, ...]]:
        """The reasons of each promotion under a policy of one gate a criterion, with that of the first changed."""
        gates = [*one_each("staging"), *definitions]
        for each in gates:
            each["objective"] = "<= 2"
        gates[0] |= changed
        path = self.folder / "policy.yml"
        path.write_text(yaml.safe_dump(gates))
        return [each.reasons for each in policy.replay(policy.load(path), self.promotions, self.evidence)]


def promotion(run: str, root: str, **changed: Any) -> dict[str, Any]:
    about = {"component": "web", "environment": "staging", "at": "2026-11-20T09:00:00Z", "run": "deployed-in"}
    return {**about, "evidence": root, "data": {"stage": "staging", "run": run}, **changed}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The folder with what the three promotions left, and their entries in the ledger."""
    folder, promotions = tmp_path_factory.mktemp("judged"), []
    for number, run in enumerate(RUNS):
        monorepo = Monorepo(folder / run, open_features=2 - number)
        monorepo.state = folder / "operator"
        definitions = [{**each, "objective": "<= 2"} for each in one_each("staging")]
        found = judge_component(monorepo.request(*definitions, criteria=of_stage("staging"), run=run, fresh=True))
        assert found["promotable"]
        promotions.append(promotion(run, found["evidence"]["root_sha256"]))
    return folder, promotions


@pytest.fixture
def past(tmp_path: Path, judged: tuple[Path, list[dict[str, Any]]]) -> Past:
    shutil.copytree(judged[0] / "operator", tmp_path / "operator")
    return Past(tmp_path, copy.deepcopy(judged[1]))


def test_the_policy_of_then_lets_all_through(past: Past) -> None:
    assert past.under() == [(), (), ()]


def test_a_stricter_one_says_whom_it_would_have_refused_and_why(past: Past) -> None:
    first, second, third = past.under(objective="<= 0")
    assert first == (f"{FIRST} found 2, wanted <= 0",)
    assert second == (f"{FIRST} found 1, wanted <= 0",)
    assert third == ()


def test_another_name_or_measure_over_the_same_indicator_needs_no_tool(past: Past) -> None:
    assert past.under(name="ticked", measure="percent", objective=">= 40") == [
        ("ticked found 33.3, wanted >= 40",),
        (),
        (),
    ]


def test_what_left_no_document_is_inconclusive_and_refused(past: Past) -> None:
    other = {"type": "document", "file": "{readme}", "section": "features"}
    for reasons in past.under(indicator=other):
        assert reasons == (
            f"{FIRST} is inconclusive: no gate of that run has measured the same (indicator document) in the same way",
        )


def test_a_relative_objective_compares_with_what_passed_before_under_this_policy(past: Past) -> None:
    first, second, third = past.under(measure="total", objective="<= -40%", baseline={"results": 1})
    assert first == ()  # nothing to compare with, so that the first passes
    assert second and "wanted <= -40%" in second[0]  # 2 of 3 is less than 40 % less
    assert third == ()  # 1 of 3, compared with the first: the second did not pass


def test_a_waiver_of_then_is_honoured(tmp_path: Path) -> None:
    monorepo = Monorepo(tmp_path, open_features=1)
    waived = [Waiver(each["name"], "web", "Jane", "later", date(2026, 12, 31)) for each in one_each("staging")]
    found = judge_component(monorepo.request(*one_each("staging"), criteria=of_stage("staging"), waivers=waived))
    path = tmp_path / "policy.yml"
    path.write_text(yaml.safe_dump(one_each("staging")))
    past = [promotion(Path(found["evidence"]["path"]).name, found["evidence"]["root_sha256"])]
    (replayed,) = policy.replay(policy.load(path), past, monorepo.state / "evidence")
    assert replayed.reasons == ()


def test_missing_evidence_is_refused(past: Past) -> None:
    past.promotions = [promotion("20260101T000000Z-000000", "x")]
    assert past.under() == [(f"its evidence is not at {past.evidence}/20260101T000000Z-000000",)]


def test_changed_evidence_is_refused_and_the_place_is_named(past: Past) -> None:
    document = past.evidence / RUNS[0] / "gates" / FIRST / "document.json"
    text = document.read_text()
    document.write_text(text.replace("one", "two", 1))
    (reason,) = past.under()[0]
    assert reason.startswith("its evidence is not what the ledger remembers: ")
    assert f"gates/{FIRST}/document.json" in reason


def test_evidence_that_fits_itself_but_not_the_ledger_is_refused(past: Past) -> None:
    past.promotions[0]["evidence"] = "0" * 64
    (reason,) = past.under()[0]
    assert reason.startswith("its evidence is not what the ledger remembers: ")
    assert past.under()[1] == ()


def test_replaying_touches_nothing(past: Past) -> None:
    before = {path: path.stat().st_mtime_ns for path in past.evidence.rglob("*")}
    past.under(objective="<= 0")
    assert {path: path.stat().st_mtime_ns for path in past.evidence.rglob("*")} == before


def test_promotions_to_a_stage_that_the_policy_has_no_gates_for_are_left_out(past: Past) -> None:
    past.promotions.append(promotion(RUNS[0], "x", environment="production", data={"stage": "production"}))
    assert len(past.under()) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "policy.yml is not valid YAML"),
        ("", "policy.yml: the catalogue of gates has no gates"),
        ("{}", "policy.yml: the catalogue of gates has no gates"),
        (json.dumps([gate()]), "policy.yml: criterion core-features has no gate"),
        (json.dumps([gate(criterion="cod-quality")]), "policy.yml: gate todo, key criterion, is 'cod-quality'"),
        (json.dumps(one_each("staging")[1:]), "policy.yml: criterion core-features has no gate"),
        (json.dumps([*one_each("staging"), gate("api-gate", criterion="api")]), "gate api-gate is defined 2 times"),
        (json.dumps([*one_each("staging")[1:], gate(criterion="core-features", wanted="≥ 3")]), "key objective"),
        (json.dumps([*one_each("staging"), gate(criterion="api", indicator={"type": "magic"})]), "indicator.type"),
    ],
)
def test_a_policy_is_checked_as_strictly_as_the_catalogue(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "policy.yml"
    path.write_text(text)
    with pytest.raises(Refusal) as refusal:
        policy.load(path)
    assert sentence in str(refusal.value)
    assert "quality_gates_catalogue" not in str(refusal.value)


def test_a_policy_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"the policy .*nowhere\.yml cannot be read"):
        policy.load(tmp_path / "nowhere.yml")
