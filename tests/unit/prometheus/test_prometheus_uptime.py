"""Uptime out of raw samples: what was not probed is unknown, and never up."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import windows
from ansible_collections.tta.ops.plugins.plugin_utils.prometheus_backend import uptime
from ansible_collections.tta.ops.plugins.plugin_utils.prometheus_backend.asking import Samples

BEGIN = windows.moment("2026-11-02T00:00:00Z")
ARTIFACT = {"component": "carbon", "commit": "c0ffee", "tree": "7ree"}
DEPLOYED: dict[str, Any] = {
    "seq": 1,
    "at": "2026-11-02T00:00:00Z",
    "event": "deployed",
    "environment": "staging",
    "component": "carbon",
    "release": 3,
    "artifact": ARTIFACT,
    "data": {},
}
PROMOTED = {**DEPLOYED, "seq": 2, "event": "promoted"}
WEEK = 10_080


def samples(*, down: range = range(0), gap: range = range(0), slots: int = WEEK) -> Samples:
    return [(BEGIN + 60 * slot + 7, 0.0 if slot in down else 1.0) for slot in range(slots) if slot not in gap]


def week(*series: Samples, expected: int = 1, entries=(DEPLOYED, PROMOTED)) -> dict[str, Any]:
    found = uptime.observed("carbon", list(entries), series, expected, BEGIN + 60 * WEEK)
    assert found
    return dict(found["data"])


def counts(data: dict[str, Any]) -> tuple[int, ...]:
    return tuple(data[key] for key in ("up", "down", "unknown", "maintenance"))


def test_a_week_to_the_slot():
    data = week(samples(down=range(100, 140)))
    assert counts(data) == (WEEK - 40, 40, 0, 0)
    assert (data["uptime_percent"], data["verdict"]) == (99.60, "pass")
    assert week(samples(down=range(100, 160)))["verdict"] == "fail"


def test_a_gap_of_two_days_is_inconclusive():
    data = week(samples(gap=range(2880, 5760)))
    assert counts(data) == (WEEK - 2880, 0, 2880, 0)
    assert (data["uptime_percent"], data["upper_percent"], data["verdict"]) == (71.42, 100.0, "inconclusive")
    assert "nobody probed" in data["cause"]


def test_one_of_two_hosts_that_nobody_probed_is_unknown_and_one_that_is_down_is_down():
    assert counts(week(samples(), samples(gap=range(10)), expected=2)) == (WEEK - 10, 0, 10, 0)
    assert counts(week(samples(), samples(down=range(10)), expected=2)) == (WEEK - 10, 10, 0, 0)
    assert counts(week(samples(), expected=2)) == (0, 0, WEEK, 0)


def test_one_failed_probe_of_a_minute_makes_it_down():
    quarters = [(BEGIN + 15 * number, 0.0 if number == 5 else 1.0) for number in range(4 * WEEK)]
    assert counts(week(quarters)) == (WEEK - 1, 1, 0, 0)


def test_another_artifact_starts_the_clock_anew():
    other = {**DEPLOYED, "seq": 3, "at": "2026-11-05T00:00:00Z", "artifact": {**ARTIFACT, "tree": "0ther"}}
    data = week(samples(), entries=(DEPLOYED, PROMOTED, other))
    assert data["from"] == "2026-11-05T00:00:00Z"
    assert (data["slots"], data["verdict"]) == (4 * 1440, "inconclusive")


def test_nothing_serves_and_nothing_is_said():
    assert uptime.observed("carbon", [], [samples()], 1, BEGIN + 60) is None


@pytest.mark.parametrize("value", [0.5, float("nan")])
def test_what_is_no_success_is_none(value: float):
    assert uptime.states([[(BEGIN, value)]], 1)[0].state == "down"
