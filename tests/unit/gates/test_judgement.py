"""The judgement of one component: taken over or judged, waived or not, kept or not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judgement import judge_component, last_promoted_commit
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.waivers import Waiver
from judgements import RUN, TODAY, Monorepo, gate

SECOND = "20261120T090000Z-def456"
WAIVER = Waiver("todo", "web", "Jane", "the last one is for later", date(2026, 11, 20))


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo(tmp_path)


@pytest.fixture
def unready(tmp_path: Path) -> Monorepo:
    return Monorepo(tmp_path, open_features=2)


def test_what_passes_is_ready_and_leaves_evidence_and_report(monorepo: Monorepo) -> None:
    found = judge_component(monorepo.request())
    assert (found["failed"], found["promotable"], found["met"]) == (False, True, "1/1")
    assert (found["warnings"], found["waived"], found["reused"]) == (0, 0, 0)
    assert found["evidence"]["path"] == str(monorepo.state / "evidence" / RUN)
    assert (monorepo.state / "evidence" / RUN / "manifest.json").is_file()
    assert set(found["pages"]) == {"html", "md", "json"}
    assert Path(found["pages"]["html"]).parent == monorepo.state / "reports" / RUN
    assert all(Path(path).is_file() for path in found["pages"].values())


def test_what_fails_is_not_ready(unready: Monorepo) -> None:
    found = judge_component(unready.request())
    assert (found["failed"], found["promotable"], found["met"]) == (True, False, "0/1")
    assert found["verdicts"][0]["found"] == 2
    assert "gates.yml -e component=web -e stage=staging" in found["report"]["next"][0]


def test_what_has_not_changed_is_taken_over(monorepo: Monorepo) -> None:
    first = judge_component(monorepo.request())
    told: list[str] = []
    second = judge_component(monorepo.request(run=SECOND, progress=told.append))
    assert second["reused"] == 1
    assert second["verdicts"][0]["reused_from"] == RUN
    assert second["verdicts"][0]["earned"] == first["verdicts"][0]["earned"]
    assert [line for line in told if "1 of 1 gates" in line and "todo" in line]


def test_fresh_judges_anew(monorepo: Monorepo) -> None:
    judge_component(monorepo.request())
    assert judge_component(monorepo.request(run=SECOND, fresh=True))["reused"] == 0


def test_a_failed_verdict_is_never_taken_over(unready: Monorepo) -> None:
    judge_component(unready.request())
    assert judge_component(unready.request(run=SECOND))["reused"] == 0


def test_a_plan_writes_nothing(monorepo: Monorepo) -> None:
    found = judge_component(monorepo.request(keep=False))
    assert found["promotable"]
    assert (found["evidence"], found["pages"]["html"]) == ({"path": "", "root_sha256": ""}, "")
    assert not monorepo.state.exists()


@pytest.mark.parametrize(("verb", "failed"), [("gates", False), ("promote-staging", True)])
def test_some_gates_that_pass_answer_what_was_asked_and_promote_nothing(
    monorepo: Monorepo, verb: str, failed: bool
) -> None:
    found = judge_component(monorepo.request(gate(), gate("other"), gates=["other"], verb=verb))
    assert [each["gate"] for each in found["verdicts"]] == ["other"]
    assert (found["promotable"], found["failed"], found["met"]) == (False, failed, "0/1")


def test_some_gates_that_fail_fail(unready: Monorepo) -> None:
    assert judge_component(unready.request(gate(), gate("other"), gates=["other"]))["failed"]


def test_an_unknown_gate_is_answered_with_the_known_ones(monorepo: Monorepo) -> None:
    with pytest.raises(Refusal, match="there is no gate tdo; wanted: one of todo, other"):
        judge_component(monorepo.request(gate(), gate("other"), gates=["tdo"]))


def test_a_waiver_in_force_lets_through_what_it_does_not_count_as_met(unready: Monorepo) -> None:
    found = judge_component(unready.request(waivers=[WAIVER]))
    assert (found["failed"], found["promotable"], found["met"], found["waived"]) == (False, True, "0/1", 1)
    assert (found["verdicts"][0]["verdict"], found["verdicts"][0]["waiver"]["owner"]) == ("fail", "Jane")
    assert "READY web → staging 0/1, 1 waived" in found["report"]["headline"]
    for page in found["pages"].values():
        assert "the last one is for later" in Path(page).read_text()


def test_an_expired_waiver_does_not_help_and_is_named(unready: Monorepo) -> None:
    found = judge_component(unready.request(waivers=[WAIVER], today=date(2026, 11, 21)))
    assert (found["failed"], found["waived"]) == (True, 0)
    assert "until 2026-11-20 by Jane: the last one is for later" in found["msg"]
    for page in found["pages"].values():
        assert "the last one is for later" in Path(page).read_text()


def test_extra_gates_tighten_and_never_loosen(monorepo: Monorepo) -> None:
    tightened = judge_component(monorepo.request(gate(wanted="<= 3"), extra=[{"name": "todo", "objective": "<= 0"}]))
    assert tightened["verdicts"][0]["wanted"] == "<= 0"
    with pytest.raises(Refusal, match="loosens the objective"):
        judge_component(monorepo.request(gate(wanted="<= 3"), extra=[{"name": "todo", "objective": "<= 4"}]))


def test_what_is_not_committed_is_not_judged_and_is_named(monorepo: Monorepo) -> None:
    monorepo.write("src/web/code.py", "CODE = 2\n")
    found = judge_component(monorepo.request())
    assert found["promotable"]
    for page in found["pages"].values():
        assert "src/web/code.py" in Path(page).read_text()


def entry(event: str, environment: str = "staging", commit: str = "c1") -> dict[str, Any]:
    return {"event": event, "environment": environment, "component": "web", "artifact": {"commit": commit}}


def test_the_commit_promoted_last_is_the_ledgers() -> None:
    ledger = [entry("promoted"), entry("promoted", "production", "c2"), entry("deployed", commit="c3")]
    assert last_promoted_commit(ledger, "web", "staging") == "c1"
    assert last_promoted_commit(ledger, "web", "production") == "c2"
    assert last_promoted_commit(ledger, "core", "staging") == ""
    assert last_promoted_commit([{**entry("promoted"), "artifact": None}], "web", "staging") == ""


def test_without_a_component_nothing_is_judged(monorepo: Monorepo) -> None:
    request = monorepo.request()
    with pytest.raises(Refusal, match="the operation has no component"):
        judge_component(type(request)(**{**vars(request), "operation": {}}))
    assert request.today == TODAY
