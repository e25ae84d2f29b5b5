"""An approval is somebody's word about exactly one artifact, for some days, until it was taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.production import approval
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ARTIFACT = {"component": "carbon", "tree": "t1"}
JANE, JOHN = "Jane Doe <jane@example.org>", "John <john@example.org>"
OPEN = approval.checked({}, "environment_approval")


def entry(event: str, days_ago: float, by: str = JANE, tree: str = "t1", **more: Any) -> dict[str, Any]:
    at = f"{NOW - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}"
    given = {"component": "carbon", "environment": "production", "artifact": {"tree": tree}, "data": {"by": by}}
    return {"event": event, "at": at, **given, **more}


def missing(*entries: dict[str, Any], actor: str = JOHN, **settings: Any) -> list[str]:
    return approval.missing(entries, ARTIFACT, {**OPEN, **settings}, actor, NOW)


def test_anybody_s_word_will_do_when_nobody_is_named() -> None:
    assert missing(entry("approved", 1)) == []
    assert missing(entry("approved", 1, JOHN), actor=JOHN) == []


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [entry("approved", 1, tree="t2")],
        [entry("approved", 1, environment="staging")],
        [entry("approved", 1, component="redis")],
        [entry("promoted", 1)],
    ],
)
def test_only_exactly_this_artifact_counts(entries: list[dict[str, Any]]) -> None:
    assert missing(*entries) == ["nobody has approved exactly this artifact of carbon (t1) for production"]


def test_it_grows_old() -> None:
    assert missing(entry("approved", 14)) == []
    assert missing(entry("approved", 14.02))[0].endswith("is older than 14 days")
    assert missing(entry("approved", 2), days=1)[0].endswith("is older than 1 days")


@pytest.mark.parametrize("event", ["returned", "removed", "demoted"])
def test_what_was_taken_back_since_is_approved_anew(event: str) -> None:
    taken = entry(event, 1, tree="t0")
    assert missing(entry("approved", 2), taken)[0].endswith(f"was before carbon was {event} in production")
    assert missing(entry("approved", 2), entry(event, 3), taken, entry("approved", 0.5)) == []
    rehearsed = {**taken, "data": {"rehearsal": "run-1"}}
    assert missing(entry("approved", 2), rehearsed) == []


def test_only_those_who_may_and_another_if_wanted() -> None:
    people = ["Jane Doe", "boss@example.org"]
    assert missing(entry("approved", 1), people=people) == []
    assert missing(entry("approved", 1, "The Boss <boss@example.org>"), people=people) == []
    assert "does not count: those who may are Jane Doe" in missing(entry("approved", 1, JOHN), people=people)[0]
    assert missing(entry("approved", 1), by_another=True) == []
    assert "who promotes must not be who approves" in missing(entry("approved", 1, JOHN), by_another=True)[0]


def test_who_may_not_is_refused_before_anything_is_written() -> None:
    operation = {"actor": JOHN, "stage_wanted": "production", "reason": "seen", "artifact": ARTIFACT}
    data = {"stage": "production", "by": JOHN, "note": "seen"}
    assert approval.event(operation, OPEN) == {"event": "approved", "artifact": ARTIFACT, "data": data}
    with pytest.raises(Refusal, match="may not approve for production"):
        approval.event(operation, {**OPEN, "people": ["Jane Doe"]})


@pytest.mark.parametrize(
    "raw", [[], {"who": []}, {"people": "Jane"}, {"people": [""]}, {"by_another": "yes"}, {"days": 0}, {"days": True}]
)
def test_settings_that_cannot_be_right(raw: Any) -> None:
    with pytest.raises(Refusal, match="environment_approval"):
        approval.checked(raw, "environment_approval")
