"""N in a row within one deadline, and what the answer must say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.action.health import judged, watch

GOOD = {"ok": True, "status": 200, "body": '{"status": "ok", "n": 3}', "ms": 1.0, "error": None}
BAD = {"ok": False, "status": 503, "body": "", "ms": 1.0, "error": "HTTP 503"}


def watched(samples: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
    now = [0.0]
    given = iter(samples)

    def pause(seconds: float) -> None:
        now[0] += seconds

    wanted = {"consecutive": 3, "deadline": 10, "interval": 1, "expect": None, **settings}
    return watch(lambda: next(given), wanted, lambda: now[0], pause)


def test_three_in_a_row_are_enough() -> None:
    found = watched([GOOD, GOOD, GOOD])
    assert (found["samples"], found["in_a_row"], found["seconds"]) == (3, 3, 2.0)


def test_a_bad_one_starts_the_row_again() -> None:
    assert watched([GOOD, GOOD, BAD, GOOD, GOOD, GOOD])["samples"] == 6


def test_the_deadline_ends_it() -> None:
    found = watched([GOOD, GOOD, BAD] * 5)
    assert (found["in_a_row"] < 3, found["seconds"]) == (True, 10.0)


@pytest.mark.parametrize(
    ("expect", "error"),
    [
        ("status == 'ok'", None),
        ("n > `2`", None),
        ("status == 'bad'", "status == 'bad' gives false"),
        ("status", 'status gives "ok"'),
        ("missing", "missing gives null"),
    ],
)
def test_the_answer_must_say_what_is_expected(expect: str, error: str | None) -> None:
    assert judged(GOOD, expect)["error"] == error
    assert judged(GOOD, expect)["ok"] == (error is None)


def test_answers_that_are_no_json_are_not_good() -> None:
    assert judged({**GOOD, "body": "<html>"}, "status == 'ok'")["error"] == "the answer is not JSON"
    assert judged({**GOOD, "body": "<html>"}, None)["ok"]


def test_expressions_that_are_none_are_named() -> None:
    with pytest.raises(ValueError, match="is not JMESPath"):
        judged(GOOD, "status ==")
