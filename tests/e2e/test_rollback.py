"""`rollback.yml` and `deploy.yml` on the tiny monorepo: warm, cold, refused, offline."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tiny.site import TinySite, tiny_site

GIVEN = ("-e", "component=web", "-e", "target=staging")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    """Two releases of a component in colours: 2 serves, 1 is warm."""
    with tiny_site(tmp_path_factory.mktemp("rollback"), f"e2e-rb-{os.getpid()}") as made:
        made.monorepo.in_colours(warm=600, drain=2)
        made.declare()
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        made.monorepo.commit("two")
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        yield made


def rolled_back(tiny: TinySite, *more: str, check: bool = True) -> str:
    return " ".join(tiny.site.play("rollback.yml", *GIVEN, *more, check=check).stdout.split())


def test_a_plan_changes_nothing_and_says_where_it_goes(tiny: TinySite) -> None:
    before = tiny.host.tree()
    told = rolled_back(tiny, "--check")
    assert "PLAN rollback web 2 → 1 on staging" in told, told
    assert "warm: it still runs" in told
    assert "unknown: none was measured yet" in told
    assert (tiny.host.tree(), tiny.host.release()) == (before, "two")


def test_a_warm_rollback_moves_the_traffic_and_looks_at_five_boxes(tiny: TinySite) -> None:
    told = rolled_back(tiny, "-e", "reason='it is slow'")
    assert tiny.host.release() == "one"
    assert "ROLLED BACK web 2 → 1 on staging; 0 of" in told, told
    assert "serves now web 1, commit" in told
    for box in ("Containers started", "Health checks pass", "Integration tests pass", "No new errors", "Latency"):
        assert box in told
    assert "not judged" not in told
    last = tiny.host.ledger()[-1]
    assert (last["event"], last["reason"], last["data"]["warm"]) == ("returned", "it is slow", True)
    assert last["data"]["gone"]["commit"] == tiny.monorepo.artifact()["commit"]
