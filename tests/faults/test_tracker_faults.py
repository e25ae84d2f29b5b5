"""A run that dies before or after any request of carbon's life: the next one goes on, and nothing is there twice."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from standin import Standin
from standin.bench import Beside, sent
from standin.life import life, remembered


class Killed(BaseException):
    """The run is gone: nothing in it gets to do anything more."""


class Kill:
    """A transport that goes away with its run at the request with this number, and takes the outbox along."""

    def __init__(self, number: int, arrived: bool) -> None:
        self.number, self.arrived, self.gone = number, arrived, False

    def over(self, standin: Standin) -> Callable[..., Any]:
        def transport(*request: Any) -> Any:
            self.number -= 1
            if self.number == -1:
                if self.arrived:
                    standin.direct(*request)
                self.gone = True
                raise Killed
            return standin.direct(*request)

        return transport

    def around(self, beside: Beside) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        def call(asked: Mapping[str, Any]) -> dict[str, Any]:
            if self.gone:
                raise Killed
            return beside(asked)

        return call


@pytest.fixture(autouse=True)
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


def live(standin: Standin, beside: Beside, kill: Kill) -> int:
    """Live all runs; one that is killed is run again, and knows nothing of it. Returns how many were killed."""
    killed = 0
    for number, documents in enumerate(life()):
        beside.track(*copy.deepcopy(documents))
        try:
            outbox, transport = kill.around(beside), kill.over(standin)
            sent(documents, outbox, standin, run=f"run-{number}", project=5, transport=transport)
        except Killed:
            killed, kill = killed + 1, Kill(-1, arrived=False)
            forget_lease(beside)
            beside.track(*copy.deepcopy(documents))
            sent(documents, beside, standin, run=f"run-{number}-again", project=5)
    return killed


def forget_lease(beside: Beside) -> None:
    """Let the time of the lease go by: it is another machine, on which nobody sees that the run is gone."""
    path = beside.root / beside.environment / "tracker" / "outbox.json"
    found = json.loads(path.read_text())
    assert found["holder"]["run"].startswith("run-")
    path.write_text(json.dumps({**found, "holder": None}))


@pytest.mark.parametrize("arrived", [False, True], ids=["before", "after"])
def test_a_run_killed_at_any_request_doubles_nothing(tmp_path: Path, arrived: bool) -> None:
    clean = Standin()
    assert live(clean, Beside(tmp_path / "clean"), Kill(-1, arrived)) == 0
    wanted = remembered(clean)
    for number in range(len(clean.calls)):
        standin, beside = Standin(), Beside(tmp_path / str(number))
        assert live(standin, beside, Kill(number, arrived)) == 1
        assert remembered(standin) == wanted, clean.calls[number][:2]
        assert beside.waiting() == []
