"""`load-test.yml` on the tiny monorepo: borne, not borne, nothing follows, refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from tiny.site import TinyMonorepo, TinySite

USERS = """\
from locust import HttpUser, constant_throughput, task


class Reader(HttpUser):
    wait_time = constant_throughput(10)

    @task
    def read(self) -> None:
        self.client.get("/")
"""
GIVEN = ("-e", "component=web", "-e", "users=10", "-e", "rate=10", "-e", "seconds=24")


class LoadedMonorepo(TinyMonorepo):
    sla: ClassVar[dict[str, float]] = {"p95_ms": 5000, "throughput_rps": 5}
    users = "tests/load/users.py"

    def declared(self) -> dict[str, Any]:
        entry = super().declared()
        tests = {**entry["tests"], "load": {"paths": [self.users]}}
        return {**entry, "tests": tests, "sla": self.sla}


class LoadedSite(TinySite):
    kind = LoadedMonorepo


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedSite]:
    made = LoadedSite(tmp_path_factory.mktemp("load"), f"e2e-load-{os.getpid()}")
    try:
        made.monorepo.write("tests/load/users.py", USERS)
        made.monorepo.commit("one")
        made.declare()
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        yield made
    finally:
        made.remove()


def loaded(tiny: LoadedSite, *more: str, check: bool = True) -> str:
    tiny.declare()
    return " ".join(tiny.site.play("load-test.yml", *GIVEN, *more, check=check).stdout.split())


def test_a_plan_loads_nothing(tiny: LoadedSite) -> None:
    before = tiny.host.tree()
    assert "PLAN load test of web on staging" in loaded(tiny, "--check")
    assert tiny.host.tree() == before


def test_it_is_borne_and_the_ledger_says_by_what(tiny: LoadedSite) -> None:
    told = loaded(tiny)
    entry = tiny.host.ledger()[-1]
    assert entry["event"] == "load-tested", told
    assert entry["artifact"]["tree"] == tiny.monorepo.artifact()["tree"]
    data = entry["data"]
    assert (data["verdict"], data["failed"], data["users"]) == ("pass", 0, 10), (data, told)
    assert data["requests"] >= 1000
    assert data["p99_ms"] >= data["p50_ms"] > 0
    assert data["cpu"] > 0
    assert data["memory_mb"] > 1
    assert "BORNE web on staging" in told


def test_without_a_promise_nothing_follows(tiny: LoadedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LoadedMonorepo, "sla", {})
    told = loaded(tiny, check=False)
    assert "NOTHING FOLLOWS from the load test of web on staging" in told, told
    assert "nothing is promised" in told


def test_what_cannot_be_run_is_refused(tiny: LoadedSite, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = len(tiny.host.ledger())
    assert "to warm up" in loaded(tiny, "-e", "seconds=3", check=False)
    monkeypatch.setattr(LoadedMonorepo, "users", "tests/load/none.py")
    assert "the commit that serves has no tests/load/none.py" in loaded(tiny, check=False)
    assert len(tiny.host.ledger()) == entries
