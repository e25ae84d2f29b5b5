"""A release looked on at while the run lasts: healthy, ended, noisy, or not to be asked just now."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import look, running
from ansible_collections.tta.ops.plugins.module_utils.host.errors import EngineError, UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.health import Health
from ansible_collections.tta.ops.plugins.module_utils.host.state import State

GOOD, BAD, HOPELESS = Health([], False, ()), Health(["web: HTTP 500"], False, ()), Health(["web: ended"], True, ())


def container(started: str = "t1", restarts: int = 0) -> dict[str, Any]:
    labels = {"com.docker.compose.service": "web"}
    return {"Id": "a", "RestartCount": restarts, "State": {"StartedAt": started}, "Config": {"Labels": labels}}


@pytest.fixture
def act(tmp_path: Path) -> Any:
    store = State(tmp_path).store("staging", "web")
    folder = store.folder / "releases" / "1"
    folder.mkdir(parents=True)
    facts = {"number": 1, "project": "tta-web", "health": {"consecutive": 3, "interval": 1, "deadline": 9}}
    (folder / "release.json").write_text(json.dumps(facts))
    (folder / "compose.json").write_text('{"services": {"web": {}}}')
    (folder / "environment").write_text("PASSWORD=canary-4711\n")
    store.point(1, None)
    engine = SimpleNamespace(logs=lambda *_: "INFO fine\n")
    own = {"component": "web", "environment": "staging", "title": "web on staging"}
    return SimpleNamespace(store=store, engine=engine, **own)


def looked(act: Any, monkeypatch: pytest.MonkeyPatch, seconds: float, *states: Any) -> dict[str, Any]:
    """Return what was found when each look gave the next of `states`, the last one again and again."""
    left = list(states)

    def judge(*_: Any) -> Any:
        state = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(state, Exception):
            raise state
        return (state, [container()]) if isinstance(state, Health) else state

    now = [0.0]

    def pause(_: float) -> None:
        now[0] += look.PATIENCE / 2

    monkeypatch.setattr(running, "look", judge)
    return look.on(act, seconds, pause, lambda: now[0])


def test_one_look_is_enough_where_no_time_is_given(act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found = looked(act, monkeypatch, 0, GOOD)
    assert (found["failed"], found["looks"], found["finding"]) == (False, 1, None)
    assert looked(act, monkeypatch, look.PATIENCE, GOOD)["looks"] == 3


def test_a_moment_is_passed_over_and_a_while_is_not(act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked(act, monkeypatch, 0, BAD, BAD, GOOD)["looks"] == 3
    found = looked(act, monkeypatch, 600, GOOD, BAD, BAD, GOOD, BAD, BAD, BAD)
    assert (found["failed"], found["looks"]) == (True, 7)
    assert "not healthy for 10 s: web: HTTP 500" in found["message"]
    assert looked(act, monkeypatch, 0, EngineError("restarting"), GOOD)["failed"] is False
    assert looked(act, monkeypatch, 60, HOPELESS)["looks"] == 1


@pytest.mark.parametrize("later", [container("t2"), container(restarts=1)])
def test_a_container_that_ended_is_a_finding(act: Any, monkeypatch: pytest.MonkeyPatch, later: Any) -> None:
    found = looked(act, monkeypatch, 60, GOOD, (GOOD, [later]))
    assert "web has ended by itself" in found["message"]


def test_errors_in_its_log_are_found_and_values_hidden(act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    act.engine.logs = lambda *_: "ERROR: no luck with canary-4711\nERROR: else\n"
    found = looked(act, monkeypatch, 60, GOOD)
    assert "errors in its log that are new: web: ERROR: no luck with <PASSWORD> and 1 more" in found["message"]


def test_what_makes_no_sense_is_refused(act: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="too long to look on"):
        looked(act, monkeypatch, look.MOST + 1, GOOD)
    act.store.forget_current()
    with pytest.raises(UsageError, match="never deployed"):
        looked(act, monkeypatch, 0, GOOD)
