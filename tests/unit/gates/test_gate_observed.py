"""What an `observed` entry is worth: only one that is whole, of now, and of a whole week that is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import observed, soak

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WEEK = 10080


def ago(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def judged(stay: soak.Stay | None = None, begin: float = 168, end: float = 0.1, **data: Any) -> dict[str, Any]:
    counts = {"slots": WEEK, "up": WEEK, "down": 0, "unknown": 0, "maintenance": 0, "cause": ""}
    entry = {"component": "lamp", "at": ago(end), "data": {**counts, "from": ago(begin), "until": ago(end), **data}}
    return observed.judged(entry, stay or soak.Stay({"at": ago(200)}, None), NOW)


def test_a_whole_week_that_was_seen() -> None:
    found = judged(up=WEEK - 50, down=50)
    assert (found["percent"], found["slots"], found["problems"]) == (99.5, WEEK, [])


def test_a_week_that_was_down_fails_without_a_problem() -> None:
    found = judged(up=WEEK - 51, down=51)
    assert (found["percent"], found["problems"]) == (99.49, [])


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            {"up": WEEK - 51, "unknown": 51, "cause": "the recorder was off 51 min"},
            "up 99.49 % to 100.00 %: the recorder",
        ),
        ({"slots": 5000, "up": 5000}, "5000 of 10080 minutes are over"),
        ({"up": WEEK - 1}, "10080 slots were expected, but 10079 are told of"),
        ({"end": 27}, "the last minute that was observed is"),
        ({"begin": 300}, "before it came to staging"),
        ({"stay": soak.Stay(None, None)}, "not in staging"),
        ({"up": None}, "has not all of slots, up, down"),
        ({"up": -1, "down": WEEK + 1}, "has not all of"),
        ({"slots": 240, "up": 0, "maintenance": 240}, "no minute of it counts"),
        ({"until": "soon"}, "does not say from when until when"),
    ],
)
def test_what_is_not_certain_is_a_problem(given: dict[str, Any], problem: str) -> None:
    assert problem in "; ".join(judged(**given)["problems"])


def test_the_percent_is_counted_and_not_believed() -> None:
    assert judged(up=WEEK - 1008, down=1008, uptime_percent=100)["percent"] == 90


def test_down_beyond_what_a_week_bears_fails_before_the_week_is_over() -> None:
    found = judged(slots=1440, up=1389, down=51)
    assert (found["percent"], found["problems"]) == (96.45, [])
