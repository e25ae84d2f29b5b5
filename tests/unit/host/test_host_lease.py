"""The lease of a fleet: one run at a time, a dead one is not waited for long, an old one is fenced off."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import lease
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, LockedError
from ansible_collections.tta.ops.plugins.module_utils.host.lease import Lease
from ansible_collections.tta.ops.plugins.module_utils.host.lock import Lock

JANE = {"component": "web", "environment": "staging", "run": "run-1", "actor": "Jane", "reason": "a fix"}
JOE = {**JANE, "run": "run-2", "actor": "Joe"}


@pytest.fixture
def held(tmp_path: Path) -> Lease:
    return Lease(tmp_path / "web")


def test_the_fence_only_grows(held: Lease) -> None:
    assert held.take(JANE) == 1
    held.give("run-1", 1)
    assert held.take(JOE) == 2


def test_a_second_run_is_told_who_holds_it(held: Lease) -> None:
    held.take(JANE)
    with pytest.raises(LockedError, match=r"being changed by Jane \(a fix\), run run-1") as told:
        held.take(JOE, patience=0)
    assert told.value.holder["run"] == "run-1"


def test_a_holder_that_lives_is_seen_to_live(held: Lease) -> None:
    held.take(JANE)
    threading.Timer(0.3, held.beat, ("run-1", 1)).start()
    begun = time.monotonic()
    with pytest.raises(LockedError, match="Jane"):
        held.take(JOE, patience=20)
    assert time.monotonic() - begun < 10


def test_one_that_died_is_waited_for_until_its_time_is_over(held: Lease, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "SECONDS", 0.5)
    held.take(JANE)
    assert held.take(JOE, patience=5) == 2


def test_one_that_is_known_to_be_gone_is_not_waited_for(held: Lease) -> None:
    held.take(JANE)
    assert held.take({**JOE, "over": "run-1"}, patience=0) == 2


def test_nobody_takes_it_while_an_act_holds_the_lock(held: Lease, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    with Lock(tmp_path / "web" / "lock", JANE), pytest.raises(LockedError, match="is locked by Jane"):
        held.take(JOE)


def test_a_run_that_was_overtaken_can_do_nothing_more(held: Lease) -> None:
    held.take(JANE)
    held.take({**JOE, "over": "run-1"})
    for act in (lambda: held.beat("run-1", 1), lambda: held.admit(JANE, 1)):
        with pytest.raises(HostError, match=r"\(fence 1\).*Joe took over with run run-2 \(fence 2\)"):
            act()
    held.give("run-1", 1)
    with pytest.raises(LockedError, match="Joe"):
        held.admit(JANE, None)


def test_acts_of_the_holder_and_acts_without_a_lease_are_admitted(held: Lease) -> None:
    held.admit(JOE, None)
    fence = held.take(JANE)
    held.admit(JANE, fence)
    held.give("run-1", fence)
    held.admit(JOE, None)


def test_another_host_keeps_the_highest_fence_it_has_seen(held: Lease) -> None:
    held.admit(JOE, 7)
    with pytest.raises(HostError, match="took over"):
        held.admit(JANE, 6)
    with pytest.raises(HostError, match="took over"):
        held.admit(JANE, 7)
    held.admit(JANE, 8)


def test_a_run_that_changed_nothing_leaves_no_trace(held: Lease, tmp_path: Path) -> None:
    other = Lease(tmp_path / "other")
    fence = held.take(JANE)
    other.admit(JANE, fence)
    for one in (held, other):
        one.give("run-1", fence)
    before = held.path.read_bytes(), other.path.read_bytes()
    fence = held.take(JOE)
    held.beat("run-2", fence)
    held.admit(JOE, fence)
    other.admit(JOE, fence)
    for one in (held, other):
        one.give("run-2", fence, unchanged=True)
    assert (held.path.read_bytes(), other.path.read_bytes()) == before
    assert held.take(JOE) == 2  # the number is free again: nothing was done under it


def test_a_run_that_changed_something_leaves_its_fence(held: Lease) -> None:
    held.give("run-1", held.take(JANE))
    held.give("run-2", held.take(JOE))
    found = held.read()
    assert (found["fence"], found["run"], found["until"], "before" in found) == (2, "run-2", 0.0, False)
