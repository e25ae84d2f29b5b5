"""Maintenance excuses only what was declared beforehand, and only so much."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.errors import UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import windows
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.slots import MAINTENANCE, WEEK, Span

NOW = windows.moment("2026-11-20T12:00:00Z")
SLOT = int(NOW // 60)


def entry(begin: str, end: str, at: str = "2026-11-20T12:00:00Z") -> dict[str, Any]:
    return {"event": "maintenance", "at": at, "data": {"from": begin, "until": end, "reason": "disks"}}


def test_a_window_that_lies_ahead_is_accepted_as_utc() -> None:
    found = windows.checked("2026-11-20T22:00Z", "2026-11-20T23:30Z", NOW, [])
    assert found == {"from": "2026-11-20T22:00:00Z", "until": "2026-11-20T23:30:00Z"}


@pytest.mark.parametrize(
    ("begin", "end", "sentence"),
    [
        ("2026-11-20T11:00Z", "2026-11-20T13:00Z", "is not declared beforehand"),
        ("2026-11-20T12:00Z", "2026-11-20T13:00Z", "is not declared beforehand"),
        ("2026-11-20T14:00Z", "2026-11-20T13:00Z", "before it begins"),
        ("2026-11-20T14:00Z", "2026-11-20T18:01Z", "too long"),
        ("2027-03-20T14:00Z", "2027-03-20T15:00Z", "more than 60 days ahead"),
        ("tonight", "2026-11-20T15:00Z", "is no time"),
    ],
)
def test_a_window_that_may_not_be_declared_is_refused(begin: str, end: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        windows.checked(begin, end, NOW, [])


def test_all_windows_of_seven_days_together_are_capped() -> None:
    declared = [entry("2026-11-21T00:00:00Z", "2026-11-21T03:00:00Z")]
    windows.checked("2026-11-25T00:00Z", "2026-11-25T01:00Z", NOW, declared)
    with pytest.raises(UsageError, match="241 minutes of maintenance would lie within seven days"):
        windows.checked("2026-11-25T00:00Z", "2026-11-25T01:01Z", NOW, declared)
    windows.checked("2026-11-29T00:00Z", "2026-11-29T03:00Z", NOW, declared)


def test_what_lies_before_its_declaration_does_not_count() -> None:
    backdated = entry("2026-11-20T10:00:00Z", "2026-11-20T13:00:00Z")
    assert windows.windows([backdated]) == [Span(SLOT, SLOT + 60, MAINTENANCE, "disks")]
    assert windows.windows([entry("2026-11-20T10:00:00Z", "2026-11-20T11:00:00Z")]) == []


def test_an_entry_that_goes_round_the_check_is_cut_to_the_cap() -> None:
    long = entry("2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z")
    assert sum(one.length for one in windows.windows([long, long])) == windows.CAP
    assert windows.windows([entry("soon", "later")]) == []


def test_windows_that_overlap_count_once() -> None:
    found = windows.windows(
        [
            entry("2026-11-21T00:00:00Z", "2026-11-21T02:00:00Z"),
            entry("2026-11-21T01:00:00Z", "2026-11-21T03:00:00Z"),
        ]
    )
    assert sum(one.length for one in found) == 180
    assert max(one.end for one in found) - min(one.begin for one in found) < WEEK
