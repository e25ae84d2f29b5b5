"""Uptime by slots: unknown is never up, maintenance counts neither way, and a partial week never passes."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import prospects, slots
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.slots import (
    DAY,
    DOWN,
    MAINTENANCE,
    UNKNOWN,
    UP,
    WEEK,
    Span,
    Uptime,
)
from hypothesis import given
from hypothesis import strategies as st


def week(*lost: Span) -> list[Span]:
    """A week that is up but for `lost`, in order."""
    known = []
    at = 0
    for one in lost:
        known += [Span(at, one.begin, UP), one]
        at = one.end
    return slots.spans(0, WEEK, [*known, Span(at, WEEK, UP)])


@pytest.mark.parametrize(
    ("lost", "verdict", "lower", "upper"),
    [
        ([], "pass", 100.0, 100.0),
        ([Span(0, 50, DOWN)], "pass", 99.5, 99.5),
        ([Span(0, 51, DOWN)], "fail", 99.49, 99.49),
        ([Span(0, 51, UNKNOWN)], "inconclusive", 99.49, 100.0),
        ([Span(0, 40, DOWN), Span(40, 51, UNKNOWN)], "inconclusive", 99.49, 99.6),
        ([Span(0, 51, DOWN), Span(100, 2980, UNKNOWN)], "fail", 70.92, 99.49),
        ([Span(0, 2 * DAY, UNKNOWN)], "inconclusive", 71.42, 100.0),
        ([Span(0, 240, MAINTENANCE)], "pass", 100.0, 100.0),
        ([Span(0, 240, MAINTENANCE), Span(300, 350, DOWN)], "fail", 99.49, 99.49),
    ],
)
def test_the_verdict_is_between_what_is_certain_and_what_is_possible(
    lost: list[Span], verdict: str, lower: float, upper: float
) -> None:
    found = slots.uptime(week(*lost))
    assert (found.verdict(), found.lower, found.upper) == (verdict, lower, upper)
    assert found.expected == WEEK


def test_a_partial_week_never_passes_and_fails_only_when_the_week_is_lost() -> None:
    assert Uptime(DAY, DAY, 0, 0, 0).verdict() == "inconclusive"
    assert Uptime(DAY, DAY - 50, 50, 0, 0).verdict() == "inconclusive"
    assert Uptime(DAY, DAY - 51, 51, 0, 0).verdict() == "fail"
    assert Uptime(WEEK - 1, WEEK - 1, 0, 0, 0).verdict() == "inconclusive"


def test_nothing_expected_is_inconclusive() -> None:
    nothing = Uptime(0, 0, 0, 0, 0)
    assert (nothing.lower, nothing.upper, nothing.verdict()) == (None, None, "inconclusive")
    assert Uptime(240, 0, 0, 0, 240).verdict() == "inconclusive"


def test_what_nobody_saw_is_unknown_and_says_why() -> None:
    found = slots.spans(10, 20, [Span(12, 14, UP), Span(16, 17, DOWN, "no answer")], lambda _: "the recorder was off")
    assert found == [
        Span(10, 12, UNKNOWN, "the recorder was off"),
        Span(12, 14, UP),
        Span(14, 16, UNKNOWN, "the recorder was off"),
        Span(16, 17, DOWN, "no answer"),
        Span(17, 20, UNKNOWN, "the recorder was off"),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40), st.sampled_from([UP, DOWN])), max_size=12),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), max_size=4),
)
def test_no_slot_is_lost_or_counted_twice(seen: list[tuple[int, int, str]], windows: list[tuple[int, int]]) -> None:
    table: dict[int, str] = {}
    known = []
    for begin, length, state in sorted(seen):
        for slot in range(begin, begin + length):
            if slot not in table:
                table[slot] = state
                known.append(Span(slot, slot + 1, state))
    apart, last = [], 0
    for begin, length in sorted(windows):
        if begin >= last:
            apart.append(Span(begin, begin + length, MAINTENANCE))
            last = begin + length
    covered = {slot for one in apart for slot in range(one.begin, one.end)}
    found = slots.uptime(slots.without(slots.spans(20, 280, sorted(known)), apart))
    expected = [MAINTENANCE if slot in covered else table.get(slot, UNKNOWN) for slot in range(20, 280)]
    counted = [expected.count(state) for state in (UP, DOWN, UNKNOWN, MAINTENANCE)]
    assert [found.up, found.down, found.unknown, found.maintenance] == counted
    assert found.expected == 260
    assert found.lower is None or found.upper is None or found.lower <= found.upper


def test_days_begin_at_midnight() -> None:
    assert slots.by_day([Span(DAY - 10, DAY + 5, UP), Span(DAY + 5, DAY + 6, DOWN)]) == {
        0: {UP: 10, DOWN: 0, UNKNOWN: 0, MAINTENANCE: 0},
        1: {UP: 5, DOWN: 1, UNKNOWN: 0, MAINTENANCE: 0},
    }


@pytest.mark.parametrize(
    ("bad", "now", "earliest"),
    [
        ([], DAY, WEEK),
        ([], WEEK + 5, WEEK + 5),
        ([Span(0, 50, DOWN)], DAY, WEEK),
        ([Span(0, 51, DOWN)], DAY, WEEK + 1),
        ([Span(1000, 1300, UNKNOWN)], 2000, 1300 + WEEK - 50),
        ([Span(0, 100, MAINTENANCE)], DAY, WEEK),
    ],
)
def test_the_earliest_date_is_when_what_was_lost_has_left_the_week(bad: list[Span], now: int, earliest: int) -> None:
    assert prospects.earliest(bad, 0, now) == earliest


def test_the_error_budget_counts_unknown_time_as_lost() -> None:
    found = slots.uptime(week(Span(0, 20, DOWN), Span(30, 40, UNKNOWN)))
    assert (found.budget(), found.left()) == (50, 20)
