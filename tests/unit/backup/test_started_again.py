"""What was stopped for its copy is healthy again, or somebody is told; one that is gone is not healthy."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.backup.streams import Streams
from ansible_collections.tta.ops.plugins.module_utils.host.backup.work import Work
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError


class Engine:
    """Has one container, which is healthy once it was started."""

    def __init__(self) -> None:
        self.started: list[str] = []

    def containers(self) -> list[dict[str, Any]]:
        return [{"Id": "db", "State": {"Running": "db" in self.started, "Health": {"Status": "healthy"}}}]

    def ask(self, verb: str, *containers: str, deadline: float) -> str:
        assert verb == "start" and deadline > 0
        self.started += containers
        return ""


def work(engine: Engine) -> Work:
    context: Any = SimpleNamespace(engine=engine, component="shop")
    return Work(context, Streams())


def test_what_is_there_is_started_and_waited_for() -> None:
    engine = Engine()
    work(engine).start(["db"])
    assert engine.started == ["db"]


def test_one_that_is_gone_is_told_of() -> None:
    engine = Engine()
    with pytest.raises(HostError, match=r"1 of its 2 containers are healthy again: tta-ops status shop"):
        work(engine).start(["db", "gone"])
    assert engine.started == ["db"]


def test_only_what_is_there_can_be_mended() -> None:
    assert work(Engine()).known(["db", "gone"]) == ["db"]
