"""Stages are folded from the ledgers; a ledger that nobody read makes them unknown, not low and not high."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.standing import standing

HOSTS = {"staging": ["staging-1"], "production": ["production-1"]}
OPERATION = {
    "target": "staging",
    "stage_wanted": "staging",
    "component": "carbon",
    "components": {"carbon": {}, "redis": {}, "new": {}},
    "artifact": {"component": "carbon", "commit": "c1", "tree": "t1"},
}


def entry(seq: int, event: str, component: str, environment: str = "staging", **facts: Any) -> dict[str, Any]:
    blank = {"release": None, "artifact": None, "data": {}, "run": f"run-{seq}", "at": f"2026-11-{seq:02}T00:00:00Z"}
    return {**blank, "seq": seq, "event": event, "component": component, "environment": environment, **facts}


def answer(environment: str, *entries: dict[str, Any], valid: bool = True, engine: bool = True) -> dict[str, Any]:
    return {"engine": engine, "environments": {environment: {"ledger": {"valid": valid, "entries": list(entries)}}}}


def test_stages_come_from_both_ledgers() -> None:
    answers = {
        "staging-1": answer("staging", entry(1, "promoted", "carbon", artifact={"tree": "t0"})),
        "production-1": answer("production", entry(1, "genesis", "redis", "production")),
    }
    found = standing(OPERATION, answers, HOSTS)
    assert found["stages"] == {"carbon": "staging", "redis": "production", "new": "development"}
    assert found["promoted"] is None


def test_a_silent_production_leaves_unknown_what_only_it_could_vouch_for() -> None:
    answers = {"staging-1": answer("staging", entry(1, "promoted", "carbon")), "production-1": None}
    found = standing(OPERATION, answers, HOSTS)
    assert found["stages"] == {"carbon": "staging", "redis": "unknown", "new": "unknown"}
    assert found["silent"] == ["production-1"]


def test_a_promotion_of_this_artifact_that_stands_is_found() -> None:
    promoted = entry(2, "promoted", "carbon", artifact={"tree": "t1"})
    answers = {"staging-1": answer("staging", entry(1, "deployed", "carbon"), promoted), "production-1": None}
    assert standing(OPERATION, answers, HOSTS)["promoted"] == promoted


@pytest.mark.parametrize("event", ["returned", "demoted"])
def test_a_promotion_that_was_taken_back_does_not_stand(event: str) -> None:
    promoted = entry(2, "promoted", "carbon", artifact={"tree": "t1"})
    taken_back = entry(3, event, "carbon", data={"stage": "development"})
    answers = {"staging-1": answer("staging", promoted, taken_back), "production-1": None}
    assert standing(OPERATION, answers, HOSTS)["promoted"] is None


@pytest.mark.parametrize(
    ("staging", "sentence"),
    [
        (None, "staging-1 does not answer"),
        (answer("staging", engine=False), "Docker does not answer on staging-1"),
        (answer("staging", valid=False), "the ledger of staging is damaged"),
    ],
)
def test_a_target_that_cannot_be_trusted_is_refused(staging: dict[str, Any] | None, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        standing(OPERATION, {"staging-1": staging, "production-1": answer("production")}, HOSTS)
    assert sentence in str(refusal.value)


def test_what_goes_to_production_is_exactly_what_staging_has_and_serves() -> None:
    wanted = {
        **OPERATION,
        "verb": "promote-production",
        "target": "production",
        "stage_wanted": "production",
        "entry": {"services": ["carbon"]},
    }
    staged = answer("staging", entry(1, "promoted", "carbon", artifact={"tree": "t1", "commit": "c1"}))
    staged["environments"]["staging"]["components"] = {"carbon": {"release": {"artifact": {"tree": "t1"}}}}
    found = standing(wanted, {"staging-1": staged, "production-1": answer("production")}, HOSTS)
    assert (found["stages"]["carbon"], found["promoted"]) == ("staging", None)
    changed = entry(2, "deployed", "carbon", artifact={"tree": "t2", "commit": "c2"})
    staged["environments"]["staging"]["ledger"]["entries"].append(changed)
    with pytest.raises(Refusal, match="is not in staging"):
        standing(wanted, {"staging-1": staged, "production-1": answer("production")}, HOSTS)
    with pytest.raises(Refusal, match="staging does not answer"):
        standing(wanted, {"staging-1": None, "production-1": answer("production")}, HOSTS)


def test_a_promotion_that_leant_on_a_waiver_stands_until_it_ends() -> None:
    waived = {"criteria": [{"waivers": [{"gate": "load", "until": "2026-11-19"}]}]}
    promoted = entry(2, "promoted", "carbon", artifact={"tree": "t1"}, data=waived)
    answers = {"staging-1": answer("staging", promoted), "production-1": None}
    on_time = {**OPERATION, "asked_at": "2026-11-19T23:59:59Z"}
    assert standing(on_time, answers, HOSTS)["promoted"] == promoted
    assert standing({**OPERATION, "asked_at": "2026-11-20T00:00:00Z"}, answers, HOSTS)["promoted"] is None
