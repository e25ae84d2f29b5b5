"""What follows from a load test, and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.load import comparing, told, verdict
from ansible_collections.tta.ops.plugins.plugin_utils.load.command import Load
from ansible_collections.tta.ops.plugins.plugin_utils.load.latencies import Latencies
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

LOAD = Load(100, 10.0, 300)
USAGE = {"cpu": 40.0, "cpu_most": 60.0, "memory_mb": 50.0, "restarts": 0}
SLA = {"p95_ms": 150, "throughput_rps": 5}


def found(requests: int = 2000, ms: float = 10, **changes: Any) -> dict[str, Any]:
    latencies = Latencies()
    for _ in range(requests):
        latencies.record(ms)
    return {
        "requests": requests,
        "failed": 0,
        "seconds": 100.0,
        "late_p99_ms": 1.0,
        "unknown_pace": [],
        "failures": {},
        "names": {"/": {"requests": requests, "failed": 0, "histogram": latencies.encoded()}},
        "generator": {"seconds": 100, "busy_seconds": 0, "most_percent": 30.0},
        "locust": {"requests": requests, "p99_ms": 10},
    } | changes


def judged(measured=None, usage=None, sla=None, before=None) -> dict[str, Any]:
    data = verdict.data(measured or found(), LOAD, USAGE if usage is None else usage, "")
    return comparing.judged(data, SLA if sla is None else sla, before)


def test_kept_promises_pass():
    data = judged()
    assert (data["verdict"], data["requests"], data["throughput_rps"]) == ("pass", 2000, 20.0)
    assert data["p50_ms"] == data["p99_ms"] == pytest.approx(10, rel=0.01)


def test_a_missed_promise_fails_and_is_named():
    data = judged(found(ms=200))
    assert data["verdict"] == "fail"
    assert data["missed"] == ["p95_ms was 200.063, at most 150 is promised"]
    assert judged(found(seconds=1000.0))["missed"] == ["throughput_rps was 2, at least 5 is promised"]


def test_one_failed_request_fails():
    assert judged(found(failed=1, failures={"ConnectionError: gone": 1}))["verdict"] == "fail"
    assert judged(sla={**SLA, "error_rate": 0.01} | {}, measured=found(failed=1))["missed"] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"generator": {"seconds": 100, "busy_seconds": 11, "most_percent": 100.0}}, "the generator was saturated"),
        ({"late_p99_ms": 400.0}, "the generator was saturated"),
        ({"unknown_pace": ["Reader"]}, "to know how often Reader ask"),
    ],
)
def test_what_says_nothing_about_the_component_is_inconclusive(changes, said):
    data = judged(found(**changes))
    assert data["verdict"] == "inconclusive"
    assert said in data["problems"][0]
    assert data["saturated"] is ("saturated" in said)


def test_too_few_samples_and_no_promise_and_no_usage_are_inconclusive():
    assert "only 999 requests" in judged(found(requests=999))["problems"][0]
    assert judged(sla={})["problems"] == ["nothing is promised: the catalogue has no sla for this component"]
    assert judged(sla={"p999_ms": 1})["problems"] == ["p999_ms is promised, but was not measured"]
    assert "nobody knows what CPU" in judged(usage={"cpu": None, "usage_problem": "no answer"})["problems"][0]


@pytest.mark.parametrize("measured", [None, {"requests": 0, "names": {}}])
def test_no_samples_are_inconclusive(measured):
    data = comparing.judged(verdict.data(measured, LOAD, USAGE, "ConnectionRefused"), SLA, None)
    assert (data["verdict"], data["requests"]) == ("inconclusive", 0)
    assert data["problems"][0] == "the load test left no samples: ConnectionRefused"


def test_it_is_compared_with_the_last_that_passed_under_the_same_load():
    def entry(at: str, **own: Any) -> dict[str, Any]:
        data = {"verdict": "pass", "users": 100, "rate": 10.0, "p95_ms": 2.0, "throughput_rps": 20.0} | own
        return {"event": "load-tested", "component": "web", "environment": "staging", "at": at, "data": data}

    entries = [entry("1"), entry("2", verdict="fail"), entry("3", users=5), {"event": "deployed"}]
    before = comparing.last_passing(entries, "web", "staging", LOAD)
    assert before
    assert before["at"] == "1"
    data = judged(before=before)
    assert data["verdict"] == "fail"
    assert data["regressions"] == ["p95_ms was 10.007, in the last run that passed 2"]
    assert judged(before={**before, "p95_ms": 9.0})["verdict"] == "pass"
    assert judged(before={**before, "p95_ms": 9.0, "throughput_rps": 40.0})["regressions"]
    assert comparing.last_passing(entries, "other", "staging", LOAD) is None


def test_a_run_that_would_mostly_warm_up_is_refused():
    assert LOAD.checked() is LOAD
    with pytest.raises(Refusal) as refusal:
        Load(100, 10.0, 20).checked()
    assert refusal.value.next_step == "-e seconds=48"


def test_the_report_says_what_was_seen_and_what_to_type():
    operation = {"component": "web", "target": "staging"}
    good, bad = told.report(operation, judged()), told.report(operation, judged(found(ms=200)))
    assert (good["outcome"], bad["outcome"]) == ("done", "failed")
    assert bad["headline"] == "NOT BORNE web on staging"
    assert ["found", "p95_ms was 200.063, at most 150 is promised"] in bad["rows"]
    nothing = told.report(operation, comparing.judged(verdict.data(None, LOAD, USAGE, "x"), SLA, None))
    assert nothing["headline"] == "NOTHING FOLLOWS from the load test of web on staging"
