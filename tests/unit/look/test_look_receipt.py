"""What a deploy, a rollback and a plan leave in the terminal."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.look import foreseen, receipt, returned
from ansible_collections.tta.ops.plugins.plugin_utils.look.report import render
from ansible_collections.tta.ops.plugins.plugin_utils.look.style import Look


def phase(p50: float | None, failures: int = 0) -> dict[str, Any]:
    return {"requests": 10, "failures": failures, "p50_ms": p50, "p99_ms": p50}


def seen(after: float | None = 2.0, failures: int = 0) -> dict[str, Any]:
    probe = {
        "target": "http://127.0.0.1:1/", "rate": 20.0, "requests": 30, "failures": failures,
        "before": phase(2.0), "during": phase(4.5, failures), "after": phase(after),
    }  # fmt: skip
    return {
        "probe": probe,
        "gap_seconds": 0.0,
        "healthy_seconds": 1.25,
        "swap_ms": 64.0,
        "drain": {"seconds": 0.5, "left": 2},
    }


OPERATION = {"component": "web", "target": "staging", "verb": "rollback"}
WAY = {"origin": {"number": 8}, "goal": {"number": 7, "commit": "c" * 40}}
GOOD = {
    "current": 7, "at": "2026-11-20T10:00:00Z", "containers": [{"service": "web", "state": "running"}],
    "receipt": seen(), "colours": {"warm_until": "2026-11-20T10:15:00Z"},
}  # fmt: skip
FOUND: dict[str, Any] = {"health": "", "tests": "", "untested": "", "errors": {"errors": [], "looked_at": 1}}


def told(found: dict[str, Any] = FOUND, **result: Any) -> str:
    whole = {**GOOD, **result}
    boxes = returned.boxes(whole, found)
    return "\n".join(render(returned.report(OPERATION, WAY, whole, boxes), Look(width=100)))


def test_a_rollback_that_went_well_has_five_marks_and_who_serves() -> None:
    text = told()
    assert text.startswith("ROLLED BACK web 8 → 7 on staging; 0 of 30 requests failed")
    assert text.count("\nok  ") == 5
    assert "web 7, commit cccccccccccc, since 2026-11-20T10:00:00Z" in text
    assert "8 is kept, warm until 2026-11-20T10:15:00Z" in text
    assert "during  10        0       4.5 ms  4.5 ms" in text
    assert "64 ms" in text and "1.25 s" in text and "0.50 s, 2 left" in text


@pytest.mark.parametrize(
    ("found", "result", "title", "why"),
    [
        ({"health": "it answers 500"}, {}, "health checks pass", "it answers 500"),
        ({"tests": "1 failed"}, {}, "integration tests pass", "1 failed"),
        ({}, {"containers": [{"service": "web", "state": "exited"}]}, "containers started", "not running: web"),
        ({}, {"containers": []}, "containers started", "nothing runs"),
        (
            {"errors": {"errors": [{"service": "web", "text": "ERROR x"}], "looked_at": 1}},
            {},
            "no new errors in the logs",
            "web: ERROR x",
        ),
        ({}, {"receipt": seen(after=255.0)}, "latency normal against before", "was 2 ms before, is 255 ms"),
    ],
)
def test_a_box_that_is_not_well_fails_the_run_and_says_why(
    found: dict[str, Any], result: dict[str, Any], title: str, why: str
) -> None:
    boxes = returned.boxes({**GOOD, **result}, {**FOUND, **found})
    assert returned.report(OPERATION, WAY, GOOD, boxes)["outcome"] == "failed"
    text = told({**FOUND, **found}, **result)
    assert f"but not: {title}" in " ".join(text.split())
    assert why in text


@pytest.mark.parametrize(("requests", "state"), [(49, "pass"), (50, "fail")])
def test_few_requests_tell_less_than_many(requests: int, state: str) -> None:
    probe = {"before": {"requests": 99, "p50_ms": 2.0}, "after": {"requests": requests, "p50_ms": 25.0}}
    assert returned.boxes({"receipt": {"probe": probe}}, FOUND)[-1]["state"] == state


def test_what_nobody_could_look_at_is_said_and_fails_nothing() -> None:
    found = {**FOUND, "untested": "no checkout of the monorepo is here", "errors": {"msg": "Docker does not answer"}}
    boxes = returned.boxes({**GOOD, "receipt": seen(after=None)}, found)
    assert [box["state"] for box in boxes] == ["pass", "pass", "not-judged", "not-judged", "not-judged"]
    text = told(found, receipt={})
    assert "Integration tests pass (not judged)" in text
    assert "no checkout of the monorepo is here" in text and "Docker does not answer" in text


def test_the_first_line_is_who_serves_and_what_became_of_requests() -> None:
    said = "web 8 rejected before traffic; 7 still serves; 0 of 812 requests failed; cause: it crashed; its logs: /x"
    assert receipt.first_line(said) == "web 8 rejected before traffic; 7 still serves; 0 of 812 requests failed"
    report = receipt.deployed(
        OPERATION,
        {
            **GOOD,
            "outcome": "deployed",
            "current": 8,
            "previous": 7,
            "msg": "web 8 serves on staging; 0 of 30 requests failed; 7 is kept as the way back",
        },
    )
    assert report["headline"] == "DEPLOYED web 8 serves on staging; 0 of 30 requests failed"
    assert ["way back", "7 is kept, warm until 2026-11-20T10:15:00Z"] in report["rows"]


def test_nothing_is_shown_of_an_act_that_changed_nothing() -> None:
    assert receipt.shown(None) == receipt.shown({"probe": None, "seconds": {}}) == {"table": None, "rows": []}
    alone = receipt.shown({"healthy_seconds": 2.0, "gap_seconds": None, "swap_ms": None, "probe": None})
    assert alone["table"] is None and alone["rows"][0][1].startswith("none were sent")


def test_a_plan_names_images_keys_differences_order_and_what_stays_done() -> None:
    plan = {
        "changed": True, "from": 7, "number": 8, "strategy": "blue-green", "order": ["start beside 7", "switched"],
        "images": [{"service": "web", "now": "sha256:" + "a" * 64, "then": "made from the commit"}],
        "environment": {"added": ["NEW"], "removed": [], "changed": ["PASSWORD"]}, "lasting": ["x"],
        "compose": [f"line {number}" for number in range(40)], "files": ["conf/a"], "problems": ["no memory"],
    }  # fmt: skip
    report = foreseen.report("web", "staging", "s1", plan)
    assert report["headline"] == "PLAN deploy web 7 → 8 on staging (s1)"
    rows = report["rows"]
    assert ["image", "web: aaaaaaaaaaaa → made from the commit"] in rows
    assert ["environment", "NEW added"] in rows and ["environment", "PASSWORD changed"] in rows
    assert ["compose", "and 10 more"] in rows
    assert ["order", "start beside 7 → switched"] in rows
    assert ["in its way", "no memory"] in rows
