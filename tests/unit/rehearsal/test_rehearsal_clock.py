"""A declared rehearsal ends no stay and bars nothing; one that comes back too late, or never, does end it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import barred
from ansible_collections.tta.ops.plugins.plugin_utils.gates import soak
from ansible_collections.tta.ops.plugins.plugin_utils.standing import standing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(minutes: int) -> str:
    return (NOON + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def entry(minutes: int, event: str, tree: str, until: int | None = None, **facts: Any) -> dict[str, Any]:
    data = {"rehearsal": "run-1", "rehearsal_until": at(until)} if until is not None else {}
    return {
        "at": at(minutes), "event": event, "environment": "staging", "component": "web", "release": 1, "seq": minutes,
        "run": f"run-{minutes}", "artifact": {"tree": tree}, "data": {**data, **facts},
    }  # fmt: skip


STAYS = entry(0, "promoted", "t2")
AWAY, BACK = entry(10, "returned", "t1", 70, gone={"tree": "t2"}), entry(12, "returned", "t2", 70, gone={"tree": "t1"})


def stay(*entries: dict[str, Any], now: int = 1000) -> soak.Stay:
    return soak.stay(entries, "staging", "t2", NOON + timedelta(minutes=now))


def test_the_clock_goes_on_within_a_rehearsal() -> None:
    assert stay(STAYS, AWAY, BACK) == soak.Stay(STAYS, None)
    assert stay(STAYS, AWAY, now=70) == soak.Stay(STAYS, None)  # it is still away, within its time


@pytest.mark.parametrize(
    "later",
    [
        [AWAY],  # it never came back
        [AWAY, entry(71, "returned", "t2", 70)],  # too late
        [AWAY, entry(20, "deployed", "t3"), BACK],  # another artifact came in between
        [entry(10, "returned", "t1"), BACK],  # nobody had declared it
        [entry(10, "returned", "t1", 9), BACK],  # its time was over before it began
        [entry(10, "returned", "t1", 10_000), entry(300, "returned", "t2", 10_000)],  # longer than any may be
        [entry(10, "returned", "t1", rehearsal="run-1"), BACK],  # without an end
        [entry(10, "removed", "t2", 70)],
        [AWAY, BACK, entry(13, "demoted", "t2", 70)],
    ],
)
def test_the_clock_stops_when_the_artifact_really_left(later: list[dict[str, Any]]) -> None:
    found = stay(STAYS, *later)
    assert found.since is None
    assert found.ended in later


def test_a_removal_in_a_rehearsal_of_a_first_release_does_not_stop_it() -> None:
    assert stay(STAYS, entry(10, "removed", "t2", 70), entry(11, "returned", "t2", 70)) == soak.Stay(STAYS, None)


def test_promoted_again_after_it_left_starts_anew() -> None:
    again = entry(90, "promoted", "t2")
    assert stay(STAYS, AWAY, again) == soak.Stay(again, AWAY)


def test_a_rehearsal_bars_nothing_and_takes_no_promotion_back() -> None:
    book = [STAYS, AWAY, BACK]
    assert barred.by(book, "web", "t2") is None
    assert barred.since(book, "web", "t2") == ""
    assert barred.earned(book, "web", "t2") == STAYS
    assert barred.by([STAYS, entry(10, "removed", "t2", 70)], "web", "t2") is None
    without = {**AWAY, "data": {"gone": {"tree": "t2"}}}
    assert barred.by([STAYS, without], "web", "t2") == without


def test_what_was_rehearsed_is_still_promoted() -> None:
    operation = {
        "target": "staging", "stage_wanted": "staging", "component": "web", "components": {"web": {}},
        "artifact": {"component": "web", "commit": "c", "tree": "t2"},
    }  # fmt: skip
    ledger = {"valid": True, "entries": [STAYS, AWAY, BACK]}
    answers = {"one": {"engine": True, "environments": {"staging": {"ledger": ledger}}}}
    assert standing(operation, answers, {"staging": ["one"]})["promoted"] == STAYS
