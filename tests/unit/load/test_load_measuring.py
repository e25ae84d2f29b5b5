"""Latency from the intended start, the warm-up left out, in constant memory."""

from __future__ import annotations

import tracemalloc

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.load.latencies import Latencies
from ansible_collections.tta.ops.plugins.plugin_utils.load.measuring import MOST_NAMES, Measuring


def total(result) -> Latencies:
    together = Latencies()
    for one in result["names"].values():
        together.add(Latencies.decoded(one["histogram"]))
    return together


def asked(
    measuring: Measuring, start: float, ms: float, *, due: float | None = None, name: str = "/", failure: str = ""
) -> None:
    if due is not None:
        measuring.waits(1, "Reader", due)
    measuring.answered(1, "Reader", name, start, ms, failure)


def steady(stall_at: int, stall_ms: float, requests: int = 1500, every: float = 0.05, warm: int = 100) -> Measuring:
    """A user that asks every 50 ms, of which one request hangs."""
    measuring = Measuring((warm - 0.5) * every)
    at = 0.0
    for number in range(requests):
        ms = stall_ms if number == stall_at else 5.0
        asked(measuring, at, ms, due=at)
        at += max(every, ms / 1000)
    return measuring


def test_one_stall_of_five_seconds_shows_in_the_p99():
    result = steady(stall_at=700, stall_ms=5000).result()

    assert result["every_ms"] == {"Reader": pytest.approx(50, abs=0.5)}
    assert total(result).percentile(99) > 3000
    assert total(result).percentile(50) < 6
    uncorrected = Latencies()
    for number in range(1400):
        uncorrected.record(5000 if number == 600 else 5.0)
    assert uncorrected.percentile(99) < 6  # what a closed loop shows


def test_without_a_stall_nothing_is_added():
    result = steady(stall_at=-1, stall_ms=0).result()
    assert total(result).count == result["requests"] == 1400
    assert result["warmed_up"] == 100


def test_what_begins_late_has_waited_since_it_was_due():
    measuring = Measuring(0)
    asked(measuring, 10.2, 5, due=10.0)
    result = measuring.result()
    assert total(result).percentile(100) == pytest.approx(205, rel=0.01)
    assert result["late_p99_ms"] == pytest.approx(200, rel=0.01)


def test_the_warm_up_does_not_count():
    measuring = Measuring(5.0)
    asked(measuring, 1.0, 9000, failure="500")
    asked(measuring, 6.0, 10)
    result = measuring.result()
    assert (result["requests"], result["failed"], result["warmed_up"]) == (1, 0, 1)
    assert total(result).percentile(100) < 11


def test_a_pace_that_the_warm_up_did_not_show_is_said_to_be_unknown():
    measuring = Measuring(0)
    asked(measuring, 1.0, 10)
    assert measuring.result()["unknown_pace"] == ["Reader"]


def test_names_and_failures_without_end_are_bounded():
    measuring = Measuring(0)
    for number in range(200):
        asked(measuring, number, 1, name=f"/item/{number}", failure=f"error {number}")
    result = measuring.result()
    assert len(result["names"]) == MOST_NAMES + 1
    assert sum(one["requests"] for one in result["names"].values()) == result["failed"] == 200
    assert len(result["failures"]) == 20


def test_memory_does_not_grow_with_the_samples():
    measuring = Measuring(1.0)
    for number in range(2000):
        asked(measuring, number / 100, number % 9)
    tracemalloc.start()
    for number in range(2000, 12_000):
        asked(measuring, number / 100, number % 9)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 20_000
    assert measuring.result()["requests"] == 11_900


def test_histograms_merge_and_what_is_longer_than_the_longest_counts_as_that():
    own, other = Latencies(), Latencies()
    own.record(1)
    other.record(9_999_999)
    own.add(other)
    assert own.count == 2
    assert own.percentile(100) == pytest.approx(600_000, rel=0.01)
    assert Latencies().percentile(99) is None
