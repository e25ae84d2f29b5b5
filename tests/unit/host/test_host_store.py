"""What became of a release, by its own file and, when that is damaged, by the ledger."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import act, acts, deploy, running
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from ansible_collections.tta.ops.plugins.module_utils.host.store import UNKNOWN, Store


def released(store: Store, number: int) -> None:
    (store.folder / "releases" / str(number)).mkdir(parents=True)


@pytest.mark.parametrize("text", ["", '{"outc', "[]", "{}"])
def test_a_damaged_outcome_is_put_right_by_the_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    state = State(tmp_path)
    store = state.store("staging", "web")
    for number in (1, 2, 3):
        released(store, number)
        store.release(number).conclude("deployed", "2026-11-20T12:00:00Z")
    for number in (1, 2):
        (store.release(number).folder / "outcome.json").write_text(text)
    assert store.release(1).outcome == UNKNOWN
    ledger = state.ledger("staging")
    ledger.append("deployed", component="web", release=1, run="run-1", actor="Jane")
    ledger.append("deployed", component="other", release=2, run="run-2", actor="Jane")
    ledger.append("returned", component="web", release=2, run="run-3", actor="Jane", data={"rejected": True})
    monkeypatch.setattr(acts, "resume", lambda _: None)
    context: Any = SimpleNamespace(
        store=store, ledger=ledger, component="web", engine=SimpleNamespace(version=lambda: "28")
    )
    deploy._begun(context)
    assert [store.release(number).outcome for number in (1, 2, 3)] == ["deployed", "failed", "deployed"]


@pytest.mark.parametrize(
    ("looks", "stopped", "outcome"),
    [([True], False, "unchanged"), ([False, False, True], False, "unchanged"), ([False], True, "started")],
)
def test_a_busy_moment_is_no_reason_to_deploy_what_serves_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: list[bool], stopped: bool, outcome: str
) -> None:
    left = list(looks)
    monkeypatch.setattr(running, "is_running", lambda *_: left.pop(0))
    monkeypatch.setattr(running, "is_stopped", lambda *_: stopped)
    monkeypatch.setattr(act, "result", lambda *words, **_: {"outcome": words[2]})
    monkeypatch.setattr(act, "begin", lambda *_: None)
    monkeypatch.setattr(acts, "perform", lambda *_: {"outcome": "started"})
    own: Any = {"environment": "staging", "component": "web", "run": "r", "actor": "Jane", "reason": ""}
    context: Any = SimpleNamespace(store=Store(tmp_path), rehearsal=None, **own)
    current: Any = SimpleNamespace(number=1, facts={"health": {"interval": 0}})
    assert deploy._revive(context, current) == {"outcome": outcome}
    left[:] = [False] * 9
    monkeypatch.setattr(running, "is_stopped", lambda *_: False)
    monkeypatch.setattr(deploy, "_MOMENT", -1)
    assert deploy._revive(context, current) is None
