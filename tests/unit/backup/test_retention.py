"""Retention: what no rule keeps may go; the newest verified point and what a kept release needs never do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.backup import durations, retention
from ansible_collections.tta.ops.plugins.module_utils.host.errors import UsageError
from hypothesis import given
from hypothesis import strategies as st

NONE = {"last": 0, "daily": 0, "weekly": 0, "monthly": 0}
NOW = durations.moment("2026-06-30T12:00:00Z")


def point(day: str, *, verified: bool = True, release: int = 1, kind: str = "backup") -> dict[str, Any]:
    at = f"2026-{day}T02:00:00Z"
    return {
        "id": f"2026{day.replace('-', '')}T020000Z-0000", "at": at, "release": release, "kind": kind,
        "verified_at": at if verified else None,
    }  # fmt: skip


def kept(known: list[dict[str, Any]], releases: tuple[int, ...] = (), **keep: int) -> list[str]:
    found = retention.reasons(known, {**NONE, **keep}, releases, NOW)
    return sorted(name[4:8] for name, why in found.items() if why)


def test_last_daily_weekly_and_monthly() -> None:
    known = [point(f"{month:02d}-{day:02d}") for month in (4, 5, 6) for day in (1, 2, 3, 15, 28, 29)]
    assert kept(known, last=2) == ["0628", "0629"]
    assert kept(known, daily=3) == ["0615", "0628", "0629"]
    assert kept(known, monthly=2) == ["0529", "0629"]
    assert kept(known, weekly=3) == ["0615", "0628", "0629"]


def test_the_newest_verified_one_is_never_pruned() -> None:
    known = [point("01-01"), point("06-28", verified=False), point("06-29", verified=False)]
    assert kept(known, last=1) == ["0101", "0629"]


def test_what_a_kept_release_needs_is_never_pruned() -> None:
    known = [
        point("01-01", release=1),
        point("01-02", release=1),
        point("01-03", release=2, verified=False),
        point("06-29", release=3),
    ]
    assert kept(known, (1, 2, 3), last=1) == ["0102", "0103", "0629"]
    assert kept(known, (3,), last=1) == ["0629"]


def test_safety_dumps_stay_for_a_week_and_take_no_place() -> None:
    known = [point("06-20", kind="safety"), point("06-25", kind="safety"), point("06-28"), point("06-29")]
    assert kept(known, last=2) == ["0625", "0628", "0629"]


def test_pruning_everything_is_refused() -> None:
    with pytest.raises(UsageError, match="would prune every restore point"):
        retention.reasons([point("06-29")], NONE, (), NOW)


days = st.tuples(st.integers(1, 6), st.integers(1, 28)).map(lambda one: f"{one[0]:02d}-{one[1]:02d}")


@given(
    st.lists(st.tuples(days, st.booleans(), st.integers(1, 4)), max_size=25, unique_by=lambda one: one[0]),
    st.fixed_dictionaries({key: st.integers(0, 4) for key in NONE}).filter(lambda keep: any(keep.values())),
    st.sets(st.integers(1, 4)),
)
def test_whatever_the_rules_the_last_verified_and_the_releases_stay(
    drawn: list[tuple[str, bool, int]], keep: dict[str, int], releases: set[int]
) -> None:
    known = [point(day, verified=verified, release=release) for day, verified, release in drawn]
    found = retention.reasons(known, keep, releases, NOW)
    verified = sorted(one["id"] for one in known if one["verified_at"])
    assert not verified or found[verified[-1]]
    for release in releases:
        of = sorted(one["id"] for one in known if one["release"] == release and one["verified_at"])
        assert not of or found[of[-1]]
    assert not known or any(found.values())
