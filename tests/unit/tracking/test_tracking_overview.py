"""What runs where, and what is missing."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import judged
from ansible_collections.tta.ops.plugins.plugin_utils.tracking.overview import Facts, Host, overview
from tracking_facts import STAGES, TREE, promoted

ARTIFACT = {"component": "carbon", "commit": "f" * 40, "tree": TREE}


def answer(environment: str, *entries: dict[str, Any], **components: dict[str, Any]) -> dict[str, Any]:
    return {"environments": {environment: {"components": components, "ledger": {"entries": list(entries)}}}}


def running(**changes: Any) -> dict[str, Any]:
    facts = {
        "release": {"number": 3, "artifact": ARTIFACT, "created": "2026-11-20T08:49:00Z"},
        "containers": [{"service": "carbon", "state": "running", "health": "healthy"}],
        "since": "2026-11-20T08:50:00Z",
    }
    return {**facts, **changes}


def verdict(gate: str, result: str, **changes: Any) -> dict[str, Any]:
    facts = {
        "gate": gate,
        "criterion": "unit-tests",
        "verdict": result,
        "found": 41.5,
        "wanted": ">= 70",
        "cause": "",
        "artifact": {"component": "gameplay_loop", "commit": "c", "tree": "t"},
        "earned": "2026-11-20T08:00:00Z",
    }
    return {**facts, **changes}


def facts(*hosts: Host, **changes: Any) -> Facts:
    given = {
        "components": sorted(STAGES),
        "stages": {**STAGES, "carbon": "staging"},
        "verdicts": [],
        "today": date(2026, 11, 20),
    }
    return Facts(**{**given, "hosts": hosts, **changes})


UP = Host("staging-1", "staging", answer("staging", promoted(), carbon=running()))


def row(report: dict[str, Any], component: str) -> list[str]:
    return next(each for each in report["table"]["rows"] if each[0] == component)


def test_what_runs_where() -> None:
    report = overview(facts(UP))
    assert report["headline"] == "STATUS components: 1 in staging"
    assert row(report, "carbon") == [
        "carbon",
        "staging (release 3)",
        "staging",
        "ffffffffffff/0123456789ab",
        "2026-11-20",
        "healthy",
        "in observation until 2026-11-27 (7 days)",
    ]
    assert row(report, "gameplay_loop")[1:3] == ["nowhere", "development"]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"release": 2, "state": "warm"}, "staging (release 3, green; 2 warm until 10:15)"),
        ({"release": 2, "state": "stopped"}, "staging (release 3, green)"),
    ],
)
def test_a_component_in_colours_says_which_serves_and_which_is_warm(other: dict[str, Any], said: str) -> None:
    own = {"release": 3, "state": "serves"}
    colours = {"live": "green", "green": own, "blue": other, "warm_until": "2026-11-20T10:15:00Z"}
    host = Host("staging-1", "staging", answer("staging", promoted(), carbon=running(colours=colours)))
    assert row(overview(facts(host)), "carbon")[1] == said


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 11, 26), "in observation until 2026-11-27 (1 day)"),
        (date(2026, 11, 27), "the criteria of Staging → Production (observed since 2026-11-20)"),
    ],
)
def test_observation_ends(today: date, said: str) -> None:
    assert row(overview(facts(UP, today=today)), "carbon")[6] == said


def test_each_service_speaks_when_they_differ() -> None:
    sick = [
        {"service": "a", "state": "running", "health": "healthy"},
        {"service": "b", "state": "exited", "health": None},
    ]
    host = Host("staging-1", "staging", answer("staging", carbon=running(containers=sick)))
    assert row(overview(facts(host)), "carbon")[5] == "a healthy, b exited"
    stopped = Host("staging-1", "staging", answer("staging", carbon=running(containers=[])))
    assert row(overview(facts(stopped)), "carbon")[5] == "not running"


def test_a_silent_host_is_quoted() -> None:
    silent = Host("staging-1", "staging", None, UP.answer, "2026-11-19T12:00:00Z")
    report = overview(facts(silent))
    assert "no answer from staging-1" in report["headline"]
    assert row(report, "carbon")[5] == "no answer"
    assert report["rows"] == [
        ["staging-1", "no answer, last known 2026-11-19T12:00:00Z: carbon release 3 (ffffffffffff/0123456789ab)"]
    ]


def test_a_host_that_never_answered() -> None:
    assert overview(facts(Host("staging-1", "staging", None)))["rows"] == [
        ["staging-1", "no answer, last known: nothing"]
    ]


def test_what_nobody_judged_says_what_to_type() -> None:
    report = overview(facts(UP))
    assert row(report, "gameplay_loop")[6] == "not judged yet"
    assert report["next"] == ["ansible-playbook promote-staging.yml -e component=gameplay_loop"]


def test_the_newest_verdicts_say_what_is_missing() -> None:
    verdicts = [
        verdict("unit-coverage", "fail"),
        verdict("lint", "inconclusive", cause="ruff is not there\nat all"),
        verdict("types", "pass"),
        verdict("readme", "fail", earned="2026-11-19T00:00:00Z"),
        verdict("readme", "pass"),
        verdict("old", "fail", earned="2026-11-01T00:00:00Z", artifact={"component": "gameplay_loop", "tree": "o"}),
    ]
    report = overview(facts(UP, verdicts=verdicts))
    assert row(report, "gameplay_loop")[6] == "unit-coverage 41.5, wanted >= 70; lint inconclusive (ruff is not there)"


def test_verdicts_of_another_artifact_do_not_count() -> None:
    report = overview(facts(UP, verdicts=[verdict("lint", "fail")], tree="now", components=["gameplay_loop"]))
    assert row(report, "gameplay_loop")[6] == "not judged yet"


def test_an_unknown_stage_is_no_stage() -> None:
    report = overview(facts(UP, stages={}))
    assert row(report, "redis")[2] == "unknown"


def test_verdicts_are_read_from_every_run(tmp_path: Path) -> None:
    contents = {"1": [verdict("a", "pass")], "2": [verdict("b", "pass"), 3, {"gate": "half"}], "3": {"gate": "c"}}
    for run, content in contents.items():
        (tmp_path / run).mkdir()
        (tmp_path / run / "verdicts.json").write_text(json.dumps(content))
    (tmp_path / "4").mkdir()
    (tmp_path / "4" / "verdicts.json").write_text("{")
    assert [each["gate"] for each in judged.verdicts_below(tmp_path)] == ["a", "b"]


def test_a_silent_engine_is_not_a_stopped_component() -> None:
    silent = {**answer("staging", carbon=running(containers=[])), "engine": False, "engine_error": "no socket"}
    report = overview(facts(Host("staging-1", "staging", silent)))
    assert row(report, "carbon")[5] == "unknown"
    assert report["rows"] == [["staging-1", "Docker does not answer: no socket"]]


def test_what_is_unfinished_or_damaged_is_said() -> None:
    act = {"act": "deploy", "number": 4, "actor": "Jane", "at": "2026-11-20T09:00:00Z"}
    host = Host("staging-1", "staging", answer("staging", carbon=running(unfinished=act, problem="torn journal")))
    assert overview(facts(host))["rows"] == [
        ["staging-1", "carbon: deploy of release 4 by Jane, begun 2026-11-20T09:00:00Z, is unfinished"],
        ["staging-1", "carbon: torn journal"],
    ]


def test_open_blockers_and_incidents_are_named_the_worst_first() -> None:
    def one(number: int, kind: str, severity: str, **more: object) -> dict[str, object]:
        facts = {"number": number, "kind": kind, "state": "open", "component": "carbon", "title": f"t{number}"}
        return {**facts, "fields": {"severity": severity}, **more}

    entries = [
        one(1, "blocker", "low"),
        one(2, "incident", "critical"),
        one(3, "blocker", "high", state="closed"),
        one(4, "blocker", "high", component="redis"),
        one(5, "promotion", "high"),
    ]
    answer = {
        "environments": {"staging": {"components": {}, "issues": {"entries": entries, "problem": "x is damaged"}}}
    }
    facts = Facts(["carbon"], {"carbon": "staging"}, [Host("s1", "staging", answer)], [], date(2026, 11, 20))
    assert overview(facts)["rows"] == [
        ["s1", "x is damaged"],
        ["s1", "incident #2 (critical): t2"],
        ["s1", "blocker #1 (low): t1"],
    ]
