"""Freezes close, windows and declared maintenance open; what is typed wrong is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.production import calendar, calendar_shape
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from hypothesis import given
from hypothesis import strategies as st

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FREEZE = {"from": "2026-11-23T00:00Z", "until": "2026-11-24T08:00Z", "reason": "the sale"}
WINDOW = {"days": ["mon", "thu"], "from": "09:00", "until": "12:00"}


def known(**raw: Any) -> dict[str, Any]:
    return calendar_shape.checked(raw, "environment_calendar")


def maintenance(begin: str, end: str, environment: str = "production") -> dict[str, Any]:
    return {"event": "maintenance", "environment": environment, "data": {"from": begin, "until": end}}


def test_without_freezes_and_windows_it_is_always_open() -> None:
    assert calendar.closed(known(), [], MONDAY) == []
    assert calendar.opens(known(), [], MONDAY) == MONDAY


def test_a_freeze_closes_until_its_last_moment() -> None:
    found = known(freezes=[FREEZE])
    said = calendar.closed(found, [], MONDAY)
    assert said == ["production is frozen from 2026-11-23T00:00Z until 2026-11-24T08:00Z: the sale"]
    assert calendar.opens(found, [], MONDAY) == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert calendar.closed(found, [], datetime(2026, 11, 24, 8, tzinfo=UTC)) == []


@pytest.mark.parametrize(("hour", "minute", "is_open"), [(8, 59, False), (9, 0, True), (11, 59, True), (12, 0, False)])
def test_a_window_is_open_from_its_first_minute_to_before_its_last(hour: int, minute: int, is_open: bool) -> None:
    assert (calendar.closed(known(windows=[WINDOW]), [], MONDAY.replace(hour=hour, minute=minute)) == []) is is_open


def test_outside_of_the_windows_the_next_one_is_named() -> None:
    found, tuesday = known(windows=[WINDOW]), MONDAY + timedelta(days=1)
    assert calendar.closed(found, [], tuesday) == ["it is Tue 10:00 UTC, outside of the windows mon, thu 09:00–12:00"]
    assert calendar.opens(found, [], tuesday) == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_declared_maintenance_of_production_opens_like_a_window() -> None:
    found, tuesday = known(windows=[WINDOW]), MONDAY + timedelta(days=1)
    declared = maintenance("2026-11-24T09:30:00Z", "2026-11-24T11:00:00Z")
    assert calendar.closed(found, [declared], tuesday) == []
    assert calendar.closed(found, [maintenance("2026-11-24T09:30Z", "2026-11-24T11:00Z", "staging")], tuesday) != []
    assert calendar.opens(found, [declared], tuesday.replace(hour=7)) == tuesday.replace(hour=9, minute=30)


def test_a_freeze_closes_whatever_is_open() -> None:
    declared = maintenance("2026-11-23T09:30Z", "2026-11-23T11:00Z")
    assert len(calendar.closed(known(freezes=[FREEZE], windows=[WINDOW]), [declared], MONDAY)) == 1


def test_a_calendar_that_never_opens_says_so() -> None:
    ages = {"from": "2026-01-01T00:00Z", "until": "2030-01-01T00:00Z", "reason": "for ever"}
    assert calendar.opens(known(freezes=[ages], windows=[WINDOW]), [], MONDAY) is None


@given(st.integers(0, 10000), st.sets(st.sampled_from(calendar.DAYS), min_size=1), st.integers(0, 1438))
def test_what_opens_is_open_and_a_moment_before_it_was_not(minutes: int, days: set[str], begin: int) -> None:
    found = known(windows=[{"days": sorted(days), "from": begin, "until": begin + 1}])
    now = MONDAY + timedelta(minutes=minutes)
    opened = calendar.opens(found, [], now)
    assert opened is not None
    assert calendar.closed(found, [], opened) == []
    assert opened == now or calendar.closed(found, [], opened - timedelta(minutes=1)) != []


def test_what_yaml_makes_of_times_is_understood() -> None:
    freeze = {"from": datetime(2026, 12, 20, 1, tzinfo=UTC), "until": datetime(2026, 12, 21), "reason": "x"}
    found = known(freezes=[freeze], windows=[{"days": ["fri"], "from": 570, "until": "24:00"}])
    assert found["freezes"] == [{"from": "2026-12-20T01:00Z", "until": "2026-12-21T00:00Z", "reason": "x"}]
    assert calendar.in_words(found) == "fri 09:30–24:00"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ([], "environment_calendar is list"),
        ({"freeze": []}, "environment_calendar has the unknown key freeze"),
        ({"freezes": {}}, None),
        ({"freezes": "x"}, "environment_calendar.freezes is str"),
        ({"freezes": [{"from": "2026-12-20"}]}, "environment_calendar.freezes[0] is "),
        ({"freezes": [{**FREEZE, "from": "soon"}]}, "freezes[0].from is 'soon'"),
        ({"freezes": [{**FREEZE, "until": FREEZE["from"]}]}, "freezes[0] ends before it begins"),
        ({"freezes": [{**FREEZE, "reason": " "}]}, "freezes[0] has no reason"),
        ({"windows": [{**WINDOW, "days": ["monday"]}]}, "windows[0].days is ['monday']"),
        ({"windows": [{**WINDOW, "days": []}]}, "windows[0].days is []"),
        ({"windows": [{**WINDOW, "from": "25:00"}]}, "windows[0].from is '25:00'"),
        ({"windows": [{**WINDOW, "from": "24:30"}]}, "windows[0].from is '24:30'"),
        ({"windows": [{**WINDOW, "until": "08:00"}]}, "windows[0] ends before it begins"),
    ],
)
def test_what_is_typed_wrong_is_named(raw: Any, sentence: str | None) -> None:
    if sentence is None:
        assert calendar_shape.checked(raw, "environment_calendar") == {"freezes": [], "windows": []}
        return
    with pytest.raises(Refusal) as refusal:
        calendar_shape.checked(raw, "environment_calendar")
    assert sentence in refusal.value.found
    assert refusal.value.wanted
