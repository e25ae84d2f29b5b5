"""What is under load, and what is refused before any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.errors import EngineError
from ansible_collections.tta.ops.plugins.module_utils.host.load_usage import watching
from ansible_collections.tta.ops.plugins.plugin_utils.load import command, served
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

ENTRY: dict[str, Any] = {
    "services": ["web"],
    "health": {"service": "web", "port": 8080},
    "tests": {"load": {"paths": ["tests/load/web.py"], "environment": {"WEB": "{url:web:8080}"}}},
}
OPERATION: dict[str, Any] = {
    "component": "web",
    "target": "staging",
    "entry": ENTRY,
    "environments": {"staging": {"address": "10.0.0.5", "state": "/var/lib/x"}},
}
FACTS = {
    "release": {"number": 3, "artifact": {"commit": "c0ffee", "tree": "7ree"}},
    "published": {"web": {"8080": "0.0.0.0:18081"}},
}
STATUS = {"status": {"environments": {"staging": {"components": {"web": FACTS}, "ledger": {"entries": [{"seq": 1}]}}}}}


def test_it_is_the_artifact_that_serves_at_its_published_port():
    found = served.find(OPERATION, STATUS)
    assert (found.release, found.artifact["tree"], found.address) == (3, "7ree", "http://10.0.0.5:18081")
    assert found.variables == {"WEB": "http://10.0.0.5:18081"}
    assert found.entries == [{"seq": 1}]


@pytest.mark.parametrize(
    ("operation", "status", "said"),
    [
        ({"entry": ENTRY | {"services": [], "carried_by": "app"}}, STATUS, "no service of its own"),
        ({}, {}, "does not serve in staging"),
        ({"entry": ENTRY | {"health": {"container": True}}}, STATUS, "at which port"),
        ({"entry": ENTRY | {"health": {"service": "web", "port": 1}}}, STATUS, "does not publish port 1"),
    ],
)
def test_what_cannot_be_loaded_is_refused(operation, status, said):
    with pytest.raises(Refusal, match=said):
        served.find(OPERATION | operation, status)


def test_a_component_without_a_load_test_is_refused():
    with pytest.raises(Refusal, match="web has no load test"):
        served.locustfiles(OPERATION | {"entry": ENTRY | {"tests": {"load": None}}})


def test_locust_gets_the_locustfile_and_ours_and_nothing_of_the_operators_environment():
    load = command.Load(20, 5, 60)
    typed = command.arguments(["/x/users.py"], "http://10.0.0.5:1", load)
    assert typed[typed.index("--locustfile") + 1] == f"/x/users.py,{command.LISTENER}"
    assert typed[typed.index("--run-time") + 1] == "60s"
    own = command.environment({"PATH": "/bin", "SECRET": "x"}, {"WEB": "y"}, [Path("/src")], load, Path("/r"))
    assert "SECRET" not in own
    assert own["WEB"] == "y"
    assert own["PYTHONPATH"].startswith("/src:")
    assert float(own["TTA_LOAD_WARM_UP"]) == pytest.approx(4 + 5.6)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def watched(readings: list[list[tuple[str, int, int]]]) -> dict[str, Any]:
    """Each reading: (container, CPU seconds so far, MB)."""
    clock, turn = Clock(), iter(readings)
    current: dict[str, tuple[int, int]] = {}

    def containers() -> list[dict[str, Any]]:
        current.clear()
        current.update({name: (int(cpu * 1e9), mb * 10**6) for name, cpu, mb in next(turn, readings[-1])})
        return [{"Id": name} for name in current]

    return watching.watch(containers, lambda one: current[one["Id"]], len(readings) - 1, lambda: clock.now, clock.sleep)


def test_usage_adds_up_and_a_new_container_is_no_leap():
    found = watched([[("a", 10, 50)], [("a", 10.5, 60)], [("b", 900, 70)], [("b", 901, 40)]])
    assert (found["cpu"], found["cpu_most"], found["memory_mb"]) == (50.0, 100.0, 70.0)


def test_nothing_seen_is_not_nothing_used():
    assert watched([[], []])["cpu"] is None

    def away() -> list[dict[str, Any]]:
        raise EngineError("Docker does not answer")

    clock = Clock()
    found = watching.watch(away, lambda one: None, 2, lambda: clock.now, clock.sleep)
    assert found["problem"] == "Docker does not answer"
