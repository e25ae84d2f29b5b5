"""The plan says what is missing, how long it takes, and when production can be; and what staging has to have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.production import calendar_shape, duration, plan, staged, watching
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def operation(**calendar: Any) -> dict[str, Any]:
    production = {
        "calendar": calendar_shape.checked(calendar, "environment_calendar"),
        "watch": watching.checked({}, "environment_watch"),
    }
    return {
        "component": "carbon",
        "entry": {"services": ["carbon"]},
        "artifact": {"component": "carbon", "commit": "c" * 40, "tree": "t1"},
        "environments": {"production": production},
    }


def verdict(gate: str, criterion: str, said: str = "fail", **more: Any) -> dict[str, Any]:
    return {"gate": gate, "criterion": criterion, "verdict": said, "remedy": f"Mend {gate}.", "waiver": None, **more}


def entry(event: str, days_ago: float, tree: str = "t1", **more: Any) -> dict[str, Any]:
    at = f"{NOW - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}"
    given = {"component": "carbon", "environment": "staging", "artifact": {"tree": tree, "commit": "d" * 40}}
    return {"event": event, "at": at, "data": None, **given, **more}


PASSED = verdict("lint", "security-review", "pass")
TWO_DAYS = [entry("promoted", 2)]


def test_all_holds_and_the_calendar_is_open() -> None:
    told = plan.report(operation(), [PASSED], TWO_DAYS, NOW)
    assert told["headline"] == "PLAN carbon → production: all holds"
    assert (told["table"], told["outcome"]) == (None, "done")
    assert ["production", "now"] in told["rows"]


def test_what_is_waived_is_not_missing_and_is_said() -> None:
    waived = verdict("load", "load", "inconclusive", waiver={"until": "2999-01-01"})
    told = plan.report(operation(), [PASSED, waived], TWO_DAYS, NOW)
    assert ["judged now", "1 of 2 gates pass, 1 are waived"] in told["rows"]
    assert told["table"] is None


def test_the_soak_ends_on_its_seventh_day_and_everything_else_is_done_before() -> None:
    said = [
        verdict("days-in-staging", "uptime"),
        verdict("rollback-rehearsed", "rollback", "inconclusive"),
        verdict("load", "load", "inconclusive"),
        verdict("approval", "readiness"),
    ]
    rehearsed = entry("rehearsed", 9, "t0", data={"recovery_seconds": 95})
    tested = entry("load-tested", 9, "t0", data={"seconds": 300})
    told = plan.report(operation(), said, [rehearsed, tested, *TWO_DAYS], NOW)
    assert told["headline"] == "PLAN carbon → production: 4 missing, at the earliest on 2026-11-25 12:00 UTC"
    rows = {row[0]: row[1:] for row in told["table"]["rows"]}
    assert rows["days-in-staging"] == ["wait, while staging is observed", "5 d", "2026-11-25 12:00"]
    assert rows["rollback-rehearsed"][1] == "1.6 min the last time"
    assert rows["load"] == ["ansible-playbook load-test.yml -e component=carbon", "5 min the last time", "now"]
    assert rows["approval"][1] == "a person's word"


def test_what_the_recorder_says_about_the_week_wins() -> None:
    said = [verdict("uptime", "uptime", "inconclusive")]
    seen = entry("observed", 0.1, data={"earliest": "2026-11-27T00:00:00Z"})
    (step,) = plan.steps(operation(), said, [*TWO_DAYS, seen], NOW)
    assert step.by == datetime(2026, 11, 27, tzinfo=UTC)
    (step,) = plan.steps(operation(), said, [*TWO_DAYS, {**seen, "data": {"earliest": "soon"}}], NOW)
    assert step.by == NOW + timedelta(days=5)


def test_other_code_is_another_artifact_whose_seven_days_begin_anew() -> None:
    told = plan.report(operation(), [verdict("secrets", "security-review")], [entry("promoted", 30)], NOW)
    assert "at the earliest on 2026-11-27 12:00 UTC" in told["headline"]
    assert told["table"]["rows"][0][2] == "the work, then 7 days in staging with what comes of it"


def test_work_of_unknown_length_is_said_and_gets_no_date() -> None:
    said = [verdict("user-guide", "documentation"), verdict("api-reference", "documentation")]
    told = plan.report(operation(), said, [entry("promoted", 30)], NOW)
    assert ["production", "now, once user-guide and api-reference is mended"] in told["rows"]
    assert [row[3] for row in told["table"]["rows"]] == ["", ""]


def test_the_calendar_has_the_last_word() -> None:
    windows = [{"days": ["tue"], "from": "09:00", "until": "10:00"}]
    said = [verdict("days-in-staging", "uptime"), verdict("change-calendar", "readiness")]
    told = plan.report(operation(windows=windows), said, [entry("promoted", 6.9)], NOW)
    assert "at the earliest on 2026-11-24 09:00 UTC" in told["headline"]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (5400, "1.5 h"), (2e5, "2.3 d")]
)
def test_seconds_in_words(seconds: float, said: str) -> None:
    assert duration.words(seconds) == said


def test_the_last_deploy_in_production_else_in_staging() -> None:
    receipt = {"seconds": {"prepare": 2, "settle": 3, "switch": None}, "gap_seconds": 1.5}
    tried = entry("deployed", 1, data={"receipt": receipt})
    assert duration.of_deploy([tried]) == "5 s the last time, in staging, with a gap of 1.5 s"
    served = entry("deployed", 9, environment="production", data={"receipt": {"seconds": {"prepare": 7}}})
    assert duration.of_deploy([served, tried]) == "7 s the last time, in production"
    assert duration.of_deploy([]) == "no deploy was measured yet"


# what staging has to have

SERVES = {"artifact": {"tree": "t1", "commit": "c" * 40}}


def test_exactly_what_staging_has_may_go_on() -> None:
    staged.require_staged(operation(), TWO_DAYS, SERVES)
    library = {**operation(), "entry": {"services": []}}
    staged.require_staged(library, TWO_DAYS, None)


@pytest.mark.parametrize(
    ("entries", "serves", "sentence", "step"),
    [
        (None, None, "staging does not answer, so nobody knows which artifact of carbon it has", "status.yml"),
        ([], None, "carbon at commit cccccccccccc is not in staging, and no stage is skipped", "promote-staging.yml"),
        (
            [entry("promoted", 9, "t2")],
            SERVES,
            "is another artifact than the one in staging (commit dddddddddddd, since 2026-11-11)",
            "-e component=carbon -e version=dddddddddddd",
        ),
        ([*TWO_DAYS, entry("demoted", 1)], SERVES, "is not in staging", "promote-staging.yml"),
        ([*TWO_DAYS, entry("deployed", 1, "t2")], SERVES, "is not in staging", "promote-staging.yml"),
        (TWO_DAYS, None, "but staging serves nothing of it", "deploy.yml -e component=carbon -e target=staging"),
        (
            TWO_DAYS,
            {"artifact": {"tree": "t2", "commit": "e" * 40}},
            "but staging serves commit eeeeeeeeeeee",
            "deploy.yml",
        ),
    ],
)
def test_anything_else_is_refused_with_the_command_to_type(entries: Any, serves: Any, sentence: str, step: str) -> None:
    with pytest.raises(Refusal) as refusal:
        staged.require_staged(operation(), entries, serves)
    assert sentence in refusal.value.found
    assert step in refusal.value.next_step
