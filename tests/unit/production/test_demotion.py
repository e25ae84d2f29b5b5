"""Who has lost the right to a stage, by the ledger alone; and demotion by hand, from which stage to which."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.demotion import automatic
from ansible_collections.tta.ops.plugins.module_utils.host.demotion.due import WEEK, due
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from ansible_collections.tta.ops.plugins.plugin_utils.production import demoting
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.standing import standing

TODAY = "2026-11-20"
WAIVED = {"criteria": [{"criterion": "load", "waivers": [{"gate": "load", "owner": "Jane", "until": "2026-11-19"}]}]}


def entry(seq: int, event: str, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    blank = {"component": "carbon", "environment": "production", "release": 1, "artifact": {"tree": "t1"}}
    at, hash_ = f"2026-11-{seq:02}T00:00:00Z", f"hash-{seq}"
    return {**blank, "seq": seq, "event": event, "data": data, "run": f"run-{seq}", "at": at, "hash": hash_, **more}


def observed(seq: int, upper: float, slots: int = WEEK, **more: Any) -> dict[str, Any]:
    return entry(seq, "observed", {"upper_percent": upper, "slots": slots, "from": "a", "until": "b"}, **more)


def test_what_leant_on_a_waiver_falls_on_the_day_after_its_last() -> None:
    (found,) = due([entry(1, "promoted", WAIVED)], "production", TODAY)
    assert (found.component, found.stage, found.cause) == ("carbon", "staging", "waiver")
    assert found.why == "the waiver of load by Jane ended on 2026-11-19"
    assert due([entry(1, "promoted", WAIVED)], "production", "2026-11-19") == []
    (staged,) = due([entry(1, "promoted", WAIVED, environment="staging")], "staging", TODAY)
    assert staged.stage == "development"


@pytest.mark.parametrize(
    "later",
    [
        entry(2, "demoted", {"stage": "staging"}),
        entry(2, "returned"),
        entry(2, "removed"),
        entry(2, "promoted", {"criteria": []}),
    ],
)
def test_a_promotion_that_does_not_stand_any_more_cannot_fall(later: dict[str, Any]) -> None:
    assert due([entry(1, "promoted", WAIVED), later], "production", TODAY) == []


def test_a_rehearsal_changes_nothing_about_it() -> None:
    rehearsed = entry(2, "returned", {"rehearsal": "run-2"})
    assert len(due([entry(1, "promoted", WAIVED), rehearsed], "production", TODAY)) == 1


def test_less_than_99_9_percent_of_a_week_is_too_little() -> None:
    promoted = entry(1, "promoted")
    (found,) = due([promoted, observed(2, 99.89)], "production", TODAY)
    assert (found.cause, found.stage) == ("uptime", "staging")
    assert found.why == "it was up for at most 99.89 % from a until b, 99.9 % are wanted in production"


@pytest.mark.parametrize(
    "entries",
    [
        [observed(2, 99.9)],
        [observed(2, 90.0, WEEK - 1)],  # too short to say
        [observed(2, 90.0), observed(3, 99.95)],  # it has recovered
        [observed(2, 90.0, artifact={"tree": "t0"})],
        [entry(2, "observed", {"slots": WEEK})],
        [entry(2, "observed", None)],
    ],
)
def test_what_is_enough_short_or_of_another_artifact_does_not_demote(entries: list[dict[str, Any]]) -> None:
    assert due([entry(1, "promoted"), *entries], "production", TODAY) == []


def test_uptime_in_staging_is_the_gates_business() -> None:
    entries = [entry(1, "promoted", environment="staging"), observed(2, 50.0, environment="staging")]
    assert due(entries, "staging", TODAY) == []


def test_it_is_written_once_with_an_incident_and_the_stage_is_lower(tmp_path: Path) -> None:
    state = State(tmp_path)
    ledger = state.ledger("production")
    facts = {"component": "carbon", "release": 3, "artifact": {"tree": "t1"}}
    ledger.append("promoted", **facts, run="run-1", data={**WAIVED, "stage": "production"})
    first = automatic.demote(state)
    assert first["demoted"][0]["stage"] == "staging"
    assert automatic.demote(state)["changed"] is False
    events = [(one["event"], one["actor"]) for one in ledger.read().entries]
    assert events == [("promoted", None), ("incident", "tta-ops demote-due"), ("demoted", "tta-ops demote-due")]
    incident = ledger.read().entries[1]["data"]
    assert (incident["kind"], incident["trigger"], incident["severity"]) == ("demotion", "waiver", "high")
    answer = {"engine": True, "environments": {"production": {"ledger": {"entries": list(ledger.read().entries)}}}}
    operation = {
        "target": None, "stage_wanted": None, "component": "carbon", "components": {"carbon": {}}, "artifact": None,
    }  # fmt: skip
    assert standing(operation, {"p": answer}, {"production": ["p"]})["stages"] == {"carbon": "staging"}


OPERATION = {
    "component": "carbon", "stage_wanted": None, "issue": 42, "reason": "it leaks",
    "components": {"carbon": {"depends": []}, "app": {"depends": ["carbon"]}, "web": {"depends": []}},
}  # fmt: skip


def test_one_stage_down_unless_another_is_typed() -> None:
    entries = [entry(1, "promoted")]
    found = demoting.demotion(OPERATION, {"carbon": "production", "app": "production"}, entries, True)
    assert (found.came_from, found.to, found.environment, found.removes) == (
        "production",
        "staging",
        "production",
        False,
    )
    assert found.event["data"] == {"stage": "staging", "from": "production", "automatic": False, "issue": 42}
    assert found.dependents == ("app, which is at production stage",)
    down = demoting.demotion({**OPERATION, "stage_wanted": "development"}, {"carbon": "production"}, entries, True)
    assert (down.to, down.environment, down.removes) == ("development", "production", True)
    staged = demoting.demotion(OPERATION, {"carbon": "staging"}, entries, False)
    assert (staged.to, staged.environment, staged.removes) == ("development", "staging", False)


def test_a_run_that_was_cut_off_is_brought_to_its_end_and_a_third_changes_nothing() -> None:
    entries = [entry(1, "promoted"), entry(2, "demoted", {"stage": "development"})]
    again = demoting.demotion(OPERATION, {"carbon": "development"}, entries, True)
    assert (again.event, again.removes) == ({}, True)
    third = demoting.demotion(OPERATION, {"carbon": "development"}, entries, False)
    assert (third.event, third.removes) == ({}, False)
    told = demoting.report(OPERATION, third, runs_in_production=False)
    assert (told["headline"], told["outcome"]) == ("UNCHANGED carbon is at development stage", "unchanged")


@pytest.mark.parametrize(
    ("stage", "wanted", "sentence"),
    [
        ("unknown", None, "nobody knows at which stage carbon is"),
        ("development", None, "carbon is at development stage"),
        ("development", "staging", "carbon is at development stage, which is not above staging"),
        ("staging", "staging", "carbon is at staging stage"),
    ],
)
def test_what_cannot_go_down_is_refused(stage: str, wanted: str | None, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        demoting.demotion({**OPERATION, "stage_wanted": wanted}, {"carbon": stage}, [], False)
    assert refusal.value.found.startswith(sentence)
