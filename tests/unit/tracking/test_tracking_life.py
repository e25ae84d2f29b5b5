"""The full life of carbon, beside the ledger alone and with a GitHub: the same ledger, the same issues, no token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from life import World
from life.carbon import STEPS
from standin import Standin

EVENTS = [
    *("approved", "deployed", "promoted", "returned", "demoted", "approved", "deployed", "promoted"),
    *("deployed", "promoted", "deployed", "promoted"),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World, Standin]]:
    with Standin() as standin:
        alone = World(tmp_path_factory.mktemp("alone"))
        beside = World(tmp_path_factory.mktemp("beside"), standin.url)
        for name, do, ends in STEPS:
            assert ends in do(alone), name
            assert ends in do(beside), name
        yield alone, beside, standin


def told(world: World) -> list[tuple[str, str, str, tuple[str, ...], int]]:
    """What is tracked, by key without its run."""
    return [
        (environment, one["key"].split("/2026")[0], one["state"], tuple(one["labels"]), len(one["comments"]))
        for environment in ("staging", "production")
        for one in world.issues(environment)
    ]


def test_both_backends_have_the_same_ledger_and_the_same_issues(both: tuple[World, World, Standin]) -> None:
    alone, beside, _ = both
    assert [one["event"] for one in alone.entries()] == EVENTS
    assert [one["event"] for one in beside.entries()] == EVENTS
    assert told(alone) == told(beside)
    pages = [(world.monorepo / "docs/STATUS.md").read_text() for world in (alone, beside)]
    assert pages[0] == pages[1]


def test_the_request_went_its_way_and_the_blockers_were_closed(both: tuple[World, World, Standin]) -> None:
    alone, _, _ = both
    request, *blockers = [one for one in alone.issues("staging") if one["kind"] in ("promotion", "blocker")][:3]
    assert [one["status"] for one in request["fields"]["request"]["statuses"]] == [
        *("requested", "in-review", "blocked", "in-review", "approved", "completed"),
    ]
    assert [(one["fields"]["gate"], one["state"]) for one in blockers] == [
        ("unit-coverage", "closed"),
        ("lint", "closed"),
    ]
    production = next(one for one in alone.issues("production") if one["kind"] == "promotion")
    assert [one["status"] for one in production["fields"]["request"]["statuses"]] == [
        *("requested", "in-review", "approved", "completed"),
    ]
    assert [one["marker"].partition("-2026")[0] for one in production["comments"]] == ["validation", "demoted"]


def test_github_has_each_once_with_milestone_and_card(both: tuple[World, World, Standin]) -> None:
    _, beside, standin = both
    assert beside.flush() == []
    titles = [one["title"] for one in standin.store.issues.values()]
    assert sorted(titles) == sorted(
        [
            *["[PROMOTION] carbon: development → staging"] * 2,
            *["[PROMOTION] carbon: staging → production"] * 2,
            "[BLOCKER] carbon: unit-coverage (Unit-tests)",
            "[BLOCKER] carbon: lint (Code-quality)",
            "[INCIDENT] carbon: release 2 taken back in production",
            "Component Status Report",
        ]
    )
    assert [one["title"] for one in standin.store.milestones.values()] == ["Carbon → Production Promotion"]
    assert len(standin.projects.items) == 4


def test_maturity_names_requests_and_evidence_and_keeps_its_line_ends(both: tuple[World, World, Standin]) -> None:
    alone, beside, _ = both
    text = (alone.monorepo / "MATURITY.md").read_bytes().decode()
    assert "\n" not in text.replace("\r\n", "")
    assert "**Current Stage**: Production (promoted from Staging on " in text
    assert text.count(": Promoted to Staging (Issue #") == 2
    assert text.count("(Reason: it was wrong)") == 1
    assert "1. **Issue #2**: unit-coverage" in text
    assert "Promoted to Staging (Issue #1) (evidence " in (beside.monorepo / "MATURITY.md").read_text()


def test_no_token_is_in_any_file(both: tuple[World, World, Standin]) -> None:
    _, beside, standin = both
    files = [path for path in beside.root.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [path for path in files if standin.token.encode() in path.read_bytes()] == []


def test_again_changes_no_file(both: tuple[World, World, Standin]) -> None:
    alone, _, _ = both

    def snapshot(folder: Path) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".lock"}

    before = snapshot(alone.root)
    assert "UNCHANGED" in STEPS[-1][1](alone)
    assert snapshot(alone.root) == before
