"""Indicator `ledger`: only exactly this artifact counts, and nothing found is never a number."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import soak
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.ledger import Ledger
from workplace import TREE, Workplace

OTHER = "0ther" * 8


def entry(event: str, days_ago: float, tree: str = TREE, **more: Any) -> dict[str, Any]:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    given = {"component": "lamp", "environment": "staging", "artifact": {"tree": tree}, "data": None, **more}
    return {"event": event, "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), **given}


def in_staging(tmp_path: Path, *entries: dict[str, Any]) -> dict[str, Any]:
    measured = Workplace(tmp_path, ledger=entries).measure(type="ledger", event="promoted")
    assert measured.problem == ""
    found: dict[str, Any] = measured.document["staging"]
    return found


def test_days_in_staging_count_from_the_promotion_of_exactly_this_artifact(tmp_path: Path) -> None:
    found = in_staging(tmp_path, entry("promoted", 30, OTHER), entry("deployed", 8.02), entry("promoted", 8.015))
    assert found["days"] == 8.01
    assert found["said"].startswith("in staging since ")


def test_a_day_short_of_a_moment_is_no_day(tmp_path: Path) -> None:
    assert in_staging(tmp_path, entry("promoted", 6.9999))["days"] == 6.99


def test_being_promoted_again_keeps_the_clock(tmp_path: Path) -> None:
    assert in_staging(tmp_path, entry("promoted", 9), entry("deployed", 1), entry("promoted", 1))["days"] == 9


@pytest.mark.parametrize(
    ("event", "tree"),
    [("deployed", OTHER), ("returned", OTHER), ("promoted", OTHER), ("removed", TREE), ("demoted", TREE)],
)
def test_what_breaks_the_stay_ends_it(tmp_path: Path, event: str, tree: str) -> None:
    broken = [entry("promoted", 9), entry(event, 3, tree)]
    found = in_staging(tmp_path, *broken)
    assert (found["since"], found["days"]) == (None, 0)
    assert f"{broken[1]['at']}: {event}" in found["said"]
    assert in_staging(tmp_path, *broken, entry("promoted", 2))["days"] == 2


def test_other_environments_and_components_do_not_touch_it(tmp_path: Path) -> None:
    others = [entry("deployed", 2, OTHER, environment="production"), entry("deployed", 2, OTHER, component="socket")]
    assert in_staging(tmp_path, entry("promoted", 9), *others)["days"] == 9


def test_all_entries_are_counted_and_the_newest_of_each_event_is_kept(tmp_path: Path) -> None:
    entries = [entry("deployed", 9, run="a"), entry("promoted", 9), entry("deployed", 1, OTHER, run="b")]
    document = Workplace(tmp_path, ledger=entries).measure(type="ledger", event="deployed").document
    assert (document["examined"], document["events"]) == (3, {"deployed": 2, "promoted": 1})
    assert document["latest"]["deployed"]["run"] == "b"
    assert document["last"]["run"] == "a", "the newest of exactly this artifact"
    assert document["days"] == 9


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([], "the ledgers have no entry of lamp"),
        ([entry("promoted", 9, component="socket")], "the ledgers have no entry of lamp"),
        ([entry("promoted", 9, OTHER)], "the ledger of staging has no event 'promoted' of exactly this artifact"),
        ([entry("promoted", 9, environment="production")], "the ledger of staging has no event 'promoted'"),
        ([entry("deployed", 9)], "the ledger of staging has no event 'promoted'"),
        ([entry("promoted", -1)], "which is still to come: compare the clocks"),
        ([entry("promoted", 9) | {"at": "yesterday"}], "an entry without a time"),
        ([entry("promoted", 9) | {"artifact": None}], "has no event 'promoted' of exactly this artifact"),
    ],
)
def test_nothing_found_is_a_problem(tmp_path: Path, entries: list[dict[str, Any]], problem: str) -> None:
    assert problem in Workplace(tmp_path, ledger=entries).measure(type="ledger", event="promoted").problem


def test_what_was_measured_is_compared_with_what_is_promised(tmp_path: Path) -> None:
    tested = entry("load-tested", 1, data={"p95_ms": 180, "throughput_rps": 99.5, "p99_ms": 200, "requests": 9000})
    promised = {"p95_ms": 150, "p99_ms": 300, "throughput_rps": 100, "p50_ms": 50}
    place = Workplace(tmp_path, ledger=[tested], entry={"sla": promised})
    assert place.measure(type="ledger", event="load-tested").document["promises"] == {
        "compared": ["p95_ms", "p99_ms", "throughput_rps"],
        "missed": ["p95_ms was 180, at most 150 is promised", "throughput_rps was 99.5, at least 100 is promised"],
        "unmeasured": ["p50_ms is promised, but was not measured"],
    }


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "event is None"),
        ({"event": ""}, "event is ''"),
        ({"event": "promoted", "environment": "development"}, "wanted: one of staging, production"),
    ],
)
def test_parameters_that_cannot_be_right(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        Ledger.check(parameters, "gate x, key indicator")
    assert sentence in str(raised.value)


def test_a_time_without_a_zone_is_utc() -> None:
    assert soak.time_of({"at": "2026-11-20T12:00:00"}) == datetime(2026, 11, 20, 12, tzinfo=UTC)
