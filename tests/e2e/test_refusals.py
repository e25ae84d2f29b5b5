"""Components that are not ready are refused with numbers, and nothing is deployed."""

from __future__ import annotations

import json
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


def test_each_gate_that_said_no_is_a_blocker_of_the_request(site: Site, gameplay: str) -> None:
    folder = site.state / "staging" / "issues"
    issues = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    request, *blockers = [one for one in issues if one["component"] == "gameplay_loop"]
    assert request["labels"] == ["component:gameplay_loop", "target:staging", "promotion:blocked"]
    assert [one["marker"] for one in request["comments"]] == ["validation"]
    gates = [one["fields"]["gate"] for one in blockers]
    assert {"unit-coverage", "lint"} <= {*gates}
    assert request["links"] == [one["key"] for one in blockers]
    assert len(gates) == len({*gates})


def test_a_dependency_at_a_lower_stage_is_named_with_its_stage(site: Site) -> None:
    done = site.promote("narrative_coherence", check=False)
    assert done.returncode != 0
    assert "NOT PROMOTED narrative_coherence → staging 6/7" in done.stdout, done.stdout
    assert re.search(r"gameplay_loop.{0,40}development", done.stdout), done.stdout
