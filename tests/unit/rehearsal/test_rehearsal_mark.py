"""The mark of a rehearsal on the host: who may act meanwhile, when it is obsolete, what is left of one that failed."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import files
from ansible_collections.tta.ops.plugins.module_utils.host.context import Context
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, LockedError, UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.rehearsal import mark, steps, traffic
from ansible_collections.tta.ops.plugins.module_utils.host.state import State

ARTIFACT = {"component": "web", "commit": "c2", "tree": "t2"}


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Release 2 serves, 1 is the one before."""
    found = Context(State(tmp_path), None, "staging", "web", "run-1", "Jane", "drill", lambda *_: None)  # type: ignore[arg-type]
    for number in (1, 2):
        folder = files.make_folder(found.store.folder / "releases" / str(number))
        (folder / "release.json").write_text(json.dumps({"number": number, "artifact": ARTIFACT}))
    found.store.point(2, 1)
    deployed(found, "deployed")
    monkeypatch.setattr(traffic, "begin", lambda _: None)
    monkeypatch.setattr(traffic, "end", lambda _: {"requests": 7, "failures": 0})
    return found


def deployed(context: Context, event: str, **data: Any) -> None:
    run = f"act-{len(context.ledger.read().entries)}"
    context.ledger.append(event, component="web", release=2, run=run, artifact=ARTIFACT, data=data)


def begin(context: Context, **how: Any) -> dict[str, Any]:
    return steps.step(context, {"step": "begin", "from": 2, "to": 1, "mode": "quick", "seconds": 600, **how})


def live(context: Context) -> Any:
    return mark.live(context.store.folder, list(context.ledger.read().entries))


def admit(context: Context, rehearsal: str | None = None, number: int | None = None) -> None:
    mark.admit(context.store.folder, list(context.ledger.read().entries), rehearsal, number)


def test_a_rehearsal_is_declared_and_ends_without_a_trace_but_in_the_ledger(context: Context) -> None:
    assert begin(context)["mark"]["until"] > begin(context)["mark"]["at"]
    deployed(context, "returned", rehearsal="run-1")
    assert live(context)["state"] == mark.UNDER_WAY
    assert steps.step(context, {"step": "halt"})["traffic"]["requests"] == 7
    found = steps.step(context, {"step": "end", "data": {"checks": 3, "failed": 0}})
    assert (found["failed"], found["why"], live(context)) == (False, [], None)
    assert found["entry"]["data"] == {"checks": 3, "failed": 0, "clean": True, "why": []}
    assert (found["entry"]["event"], found["entry"]["artifact"], found["entry"]["reason"]) == (
        "rehearsed",
        ARTIFACT,
        "drill",
    )


def test_only_its_own_acts_and_the_way_home_are_let_in_meanwhile(context: Context) -> None:
    begin(context)
    admit(context, "run-1")
    admit(context, number=2)
    for number in (None, 1):
        with pytest.raises(LockedError, match=r"Jane .drill. rehearses the way back of web since .* --release 2"):
            admit(context, number=number)
    with pytest.raises(UsageError, match="was never declared"):
        mark.of_run(context.store.folder, "run-2")


def test_a_rehearsal_whose_time_is_over_keeps_nobody_out(context: Context) -> None:
    declared = begin(context)["mark"]
    mark.write(context.store.folder, {**declared, "until": "2026-01-01T00:00:00Z"})
    admit(context)
    assert "DIRTY since a rehearsal of" in mark.lines("web", live(context))[0]


def test_what_could_not_come_back_stays_dirty_until_somebody_moves_it(context: Context) -> None:
    begin(context)
    context.store.point(1, 2)
    deployed(context, "returned", rehearsal="run-1")
    found = steps.step(context, {"step": "end", "data": {"checks": 3, "failed": 1}, "why": ["its tests fail"]})
    assert found["failed"]
    assert found["why"] == ["1 serves instead of 2", "its tests fail"]
    assert found["entry"]["data"]["clean"] is False
    assert live(context)["state"] == mark.DIRTY
    assert mark.lines("web", live(context)) == [
        f"    DIRTY since a rehearsal of {live(context)['at']}: 1 serves instead of 2; its tests fail; "
        "2 should serve: tta-ops rollback web --release 2"
    ]
    admit(context)  # dirty keeps nobody from repairing it
    deployed(context, "deployed")
    assert live(context) is None


def test_what_serves_is_seen_and_not_believed(context: Context) -> None:
    begin(context)
    context.store.forget_current()
    found = steps.step(context, {"step": "end", "data": {}, "why": []})
    assert found["why"] == ["nothing serves instead of 2"]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"from": 1}, "web 2 still serves, not 1"),
        ({"seconds": 30}, "60 to 14400 seconds, not 30"),
        ({"seconds": 20_000}, "not 20000"),
        ({"seconds": None}, "not None"),
        ({"step": "burn"}, "'burn' is no step of a rehearsal: known are begin, halt, end"),
    ],
)
def test_what_cannot_be_declared_is_refused_and_leaves_no_mark(
    context: Context, how: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(HostError, match=sentence):
        begin(context, **how)
    assert mark.read(context.store.folder) is None


def test_production_is_no_place_to_rehearse(context: Context) -> None:
    context.environment = "production"
    with pytest.raises(HostError, match="rehearsed in staging, not in production"):
        begin(context)


def test_requests_are_counted_until_they_are_no_more_wanted(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(traffic.watching, "begin", lambda one, _: setattr(one, "prober", Asked()))
    mark.write(context.store.folder, {"run": "run-1", "until": "2999-01-01T00:00:00Z"})
    sender = threading.Thread(target=traffic.send, args=(context,))
    sender.start()
    found = traffic.end(context)
    sender.join(5)
    assert found == {
        "run": "run-1", "target": "http://x/", "rate": 20.0, "requests": 2, "failures": 1,
        "longest_gap_seconds": 1.0, "p50_ms": 500.0, "p99_ms": 500.0,
    }  # fmt: skip


class Asked:
    """A prober that has seen one answer and one failure."""

    target, rate = "http://x/", 20.0

    def stop(self) -> list[Any]:
        from ansible_collections.tta.ops.plugins.module_utils.host.prober import Sample

        return [Sample(0.0, 0.5, True), Sample(1.0, 1.5, False)]
