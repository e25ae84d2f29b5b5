"""Cores: never more than there are, first come first served, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.cores import Cores, Stopped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NEVER = threading.Event()


@pytest.fixture(autouse=True)
def nobody_waits_longer() -> Iterator[None]:
    timer = threading.Timer(20, NEVER.set)
    timer.start()
    yield
    timer.cancel()
    assert not NEVER.is_set()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 4), st.lists(st.tuples(st.integers(1, 70), st.booleans()), min_size=1, max_size=12))
def test_no_more_than_there_are_and_no_deadlock(number: int, wanted: list[tuple[int, bool]]) -> None:
    cores, lock, taken, most = Cores(number), threading.Lock(), 0, 0

    def work(weight: int, heavy: bool) -> None:
        nonlocal taken, most
        with cores.taken(weight, NEVER, heavy=heavy):
            share = 0 if heavy else min(weight, number)
            with lock:
                taken += share
                most = max(most, taken)
            with lock:
                taken -= share

    with ThreadPoolExecutor(len(wanted)) as pool:
        for done in [pool.submit(work, *one) for one in wanted]:
            done.result(timeout=10)
    assert most <= number


def test_a_heavy_weight_is_not_passed_over_by_light_ones_that_came_later() -> None:
    cores, order, began = Cores(2), [], threading.Event()  # type: Cores, list[str], threading.Event

    def work(name: str, weight: int) -> None:
        began.set()
        with cores.taken(weight, NEVER):
            order.append(name)

    threads = []
    with cores.taken(1, NEVER):
        for name, weight in (("big", 2), ("small", 1)):
            began.clear()
            threads.append(threading.Thread(target=work, args=(name, weight)))
            threads[-1].start()
            assert began.wait(5)
            while len(cores._cores._waiting) < len(threads):  # until it stands in line
                assert not NEVER.wait(0.001)
        assert order == []  # a core is free, but it is not the small one's turn
    for thread in threads:
        thread.join(10)
    assert order == ["big", "small"]


def test_whoever_is_stopped_leaves_the_line() -> None:
    cores, stop = Cores(1), threading.Event()
    with cores.taken(1, NEVER):
        stop.set()
        with pytest.raises(Stopped), cores.taken(1, stop):
            pass
    with cores.taken(1, NEVER):
        pass


def test_cores_come_back_when_a_gate_breaks() -> None:
    cores = Cores(1)
    with pytest.raises(RuntimeError), cores.taken(1, NEVER):
        raise RuntimeError
    with cores.taken(1, NEVER):
        pass
