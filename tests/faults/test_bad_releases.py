"""Releases that are no good, each way of changing: the old one serves, one sentence says why, the next one goes."""

from __future__ import annotations

import pytest
from faulty.standing import Standing

pytestmark = pytest.mark.engine
QUICK = {"consecutive": 2, "deadline": 3, "interval": 0.2}


def deploy(standing: Standing, behaviour: str, **health: float) -> dict:
    standing.monorepo.health = {**QUICK, **health}
    standing.monorepo.commit(behaviour)
    return standing.deploy()


def never_served(standing: Standing, found: dict) -> None:
    """Assert that the bad release is gone: turned away before traffic, or, stop-first, taken back."""
    assert found["outcome"] == {"stop-first": "returned", "blue-green": "rejected"}[standing.way], found
    assert "its logs and inspect output" in found["message"]


@pytest.mark.fault("unhealthy from the start")
def test_unhealthy_from_the_start(standing: Standing) -> None:
    found = deploy(standing, "unhealthy")
    standing.refuses(found, "HTTP 500" if standing.way == "stop-first" else "500")
    never_served(standing, found)
    standing.converges()


@pytest.mark.fault("healthy, then dead while it is judged")
def test_healthy_then_dead_while_it_is_judged(standing: Standing) -> None:
    found = deploy(standing, "dies", consecutive=40, deadline=9)
    # HAProxy does not always say which status it was.
    standing.refuses(found, "Layer7 wrong status" if "Layer7" in found["message"] else "500")
    never_served(standing, found)
    standing.converges()


@pytest.mark.fault("healthy, then dead while the run looks on")
def test_healthy_then_dead_while_the_run_looks_on(standing: Standing) -> None:
    assert deploy(standing, "dies")["outcome"] == "deployed"
    seen = standing("look", "web", "--for", "60")
    assert (seen["code"], seen["failed"]) == (1, True), seen
    assert "not healthy for 1" in seen["message"] and "500" in seen["message"]
    found = standing("rollback", "web", "--undo", "--run", f"run-{standing.monorepo.runs}")
    assert (found["code"], found["outcome"]) == (0, "returned"), found
    assert standing.release().startswith("fine")
    standing.converges()


@pytest.mark.fault("flapping")
def test_flapping(standing: Standing) -> None:
    found = deploy(standing, "flaps", consecutive=8)
    standing.refuses(found, "not healthy within 3 s")
    never_served(standing, found)
    standing.converges()


@pytest.mark.fault("hanging endpoint")
def test_hanging_endpoint(standing: Standing) -> None:
    found = deploy(standing, "hangs")
    standing.refuses(found, "not healthy within 3 s")
    never_served(standing, found)
    standing.converges()


@pytest.mark.fault("crash at the start")
def test_crash_at_the_start(standing: Standing) -> None:
    found = deploy(standing, "crash")
    standing.refuses(found, "ended with exit code 3")
    never_served(standing, found)
    standing.converges()
