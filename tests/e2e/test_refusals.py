"""Components that are not ready are refused with numbers, and nothing is deployed."""

from __future__ import annotations

import re

import pytest
from sites.site import Site


@pytest.fixture(scope="module")
def gameplay(site: Site) -> str:
    done = site.promote("gameplay_loop", check=False)
    assert done.returncode != 0
    return done.stdout


def test_every_failing_gate_is_named_with_number_objective_command_and_remedy(gameplay: str) -> None:
    assert re.search(r"(?m)^NOT PROMOTED gameplay_loop → staging \d/7", gameplay), gameplay
    for gate in ("unit-coverage", "lint"):
        told = gameplay[gameplay.index(f"{gate}: fail") :][:1800]
        for label in ("found", "wanted", "by hand", "remedy", "again"):
            assert label in told, f"{gate} has no {label}:\n{told}"
    assert "at least 70 %" in gameplay
    assert "7 findings" in gameplay
    assert "ruff check" in gameplay


def test_nothing_was_deployed_or_recorded(site: Site, gameplay: str) -> None:
    assert site.containers() == {}
    assert site.ledger() == []
    assert site.git("status", "--porcelain") == ""


def test_a_dependency_at_a_lower_stage_is_named_with_its_stage(site: Site) -> None:
    done = site.promote("narrative_coherence", check=False)
    assert done.returncode != 0
    assert "NOT PROMOTED narrative_coherence → staging 6/7" in done.stdout, done.stdout
    assert re.search(r"gameplay_loop.{0,40}development", done.stdout), done.stdout
