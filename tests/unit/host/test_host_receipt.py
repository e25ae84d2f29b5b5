"""What users saw of an act: the prober that asks, and the numbers that come of it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import act, receipt
from ansible_collections.tta.ops.plugins.module_utils.host import prober as prober_module
from ansible_collections.tta.ops.plugins.module_utils.host.context import Context
from ansible_collections.tta.ops.plugins.module_utils.host.engine import Engine
from ansible_collections.tta.ops.plugins.module_utils.host.prober import Prober, Sample
from ansible_collections.tta.ops.plugins.module_utils.host.processes import Processes
from ansible_collections.tta.ops.plugins.module_utils.host.state import State


def samples(text: str, step: float = 1.0) -> list[Sample]:
    """One request a step: `.` is answered after 0.1 s, `x` fails after 0.1 s."""
    return [Sample(turn * step, turn * step + 0.1, sign == ".") for turn, sign in enumerate(text)]


@pytest.mark.parametrize(
    ("text", "gap"),
    [("", 0.0), ("....", 0.0), (".x.", 2.0), ("..xx..x.", 3.0), ("xx.", 2.1), ("..xx", 2.0), ("xx", 1.1)],
)
def test_a_gap_reaches_from_the_last_answer_to_the_next(text: str, gap: float) -> None:
    assert receipt.longest_gap(samples(text)) == pytest.approx(gap)


def test_phases_are_told_apart_by_when_something_was_touched() -> None:
    found = receipt.summary(samples("..x...."), touched=1.5, moved=4.0)
    assert [found[key]["requests"] for key in ("before", "during", "after")] == [2, 2, 3]
    assert (found["requests"], found["failures"], found["during"]["failures"]) == (7, 1, 1)
    assert found["before"]["p99_ms"] == pytest.approx(100.0)
    untouched = receipt.summary(samples("..."), None, None)
    assert (untouched["before"]["requests"], untouched["after"]["requests"]) == (3, 0)
    assert untouched["after"]["p50_ms"] is None


def test_percentiles_are_times_that_were_measured() -> None:
    slow = [Sample(0.0, turn / 1000, True) for turn in range(1, 101)]
    found = receipt.summary(slow, None, None)["before"]
    assert (found["p50_ms"], found["p99_ms"]) == (50.0, 99.0)


def test_the_sentence_names_the_gap_only_when_there_was_one() -> None:
    assert receipt.sentence(receipt.summary(samples("..."), None, None)) == "; 0 of 3 requests failed"
    assert receipt.sentence(receipt.summary(samples(".x."), None, None)) == (
        "; 1 of 3 requests failed, the longest gap 2 s"
    )
    assert receipt.sentence(None) == ""
    assert receipt.sentence(receipt.summary([], None, None)) == ""


def answer(status: int | None, ok: bool = False) -> dict[str, Any]:
    return {"ok": ok, "status": status, "body": None, "ms": 1.0, "error": None}


def test_it_asks_at_its_rate_and_what_is_no_answer_fails() -> None:
    asked: list[float] = []
    answers = iter([answer(200, True), answer(404), answer(503), answer(None)] + [answer(None, True)] * 1000)
    lock = threading.Lock()

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        with lock:
            asked.append(time.monotonic())
            return next(answers)

    prober = Prober({"url": "http://x/"}, 100.0, ask)
    time.sleep(0.3)
    found = prober.stop()
    assert sum(not one.ok for one in found) == 2
    assert 10 <= len(found) <= 40
    count = len(asked)
    time.sleep(0.1)
    assert len(asked) == count


def test_one_that_hangs_holds_up_only_its_lane() -> None:
    hang = threading.Event()
    first = threading.Lock()

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        if first.acquire(blocking=False):
            hang.wait(5)
        return answer(200, True)

    prober = Prober({"url": "http://x/"}, 100.0, ask)
    time.sleep(0.3)
    assert len(prober.samples()) > 5
    hang.set()
    assert max(one.ended - one.begun for one in prober.stop()) > 0.2


def test_one_that_never_answers_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober_module, "_PATIENCE", 0.1)
    never, first = threading.Event(), threading.Lock()

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        if first.acquire(blocking=False):
            never.wait(10)
        return answer(200, True)

    prober = Prober({"url": "http://x/"}, 100.0, ask)
    time.sleep(0.2)
    found = prober.stop()
    never.set()
    assert sum(not one.ok for one in found) == 1


def test_connections_without_a_request_are_few() -> None:
    prober = Prober({"tcp": "127.0.0.1:1"}, 50.0, lambda _: answer(None))
    prober.stop()
    assert (prober.rate, prober.target) == (5.0, "tcp 127.0.0.1:1")


def context(folder: Path, **marks: float) -> Context:
    own = {"environment": "staging", "component": "web", "run": "run-1", "actor": "Jane", "reason": ""}
    return Context(State(folder), Engine(Processes()), tell=lambda *_: None, marks=marks, **own)  # type: ignore[arg-type]


def test_without_a_prober_only_stop_first_has_a_gap(tmp_path: Path) -> None:
    found = act.receipt_of(context(tmp_path, switch=10.0, good=12.5, settle=11.0, record=13.0))
    assert (found["gap_seconds"], found["healthy_seconds"], found["probe"]) == (2.5, 2.5, None)
    assert (found["seconds"]["start"], found["seconds"]["settle"]) == (1.0, 2.0)
    found = act.receipt_of(
        context(tmp_path, start=10.0, preview=11.0, good=12.0, judged=12.5, switch=13.0, record=14.0)
    )
    assert (found["gap_seconds"], found["healthy_seconds"]) == (None, 2.5)
    assert (found["seconds"]["start"], found["seconds"]["settle"], found["seconds"]["switch"]) == (1.0, 2.0, 1.0)
