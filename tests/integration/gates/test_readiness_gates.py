"""The gates of readiness, by the role's own definitions: each passes, refuses with a sentence, and may not know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lamp import Lamps


@pytest.fixture
def lamps(tmp_path: Path) -> Lamps:
    lamps = Lamps(tmp_path / "lamps")
    lamps.stage = "production"
    return lamps


def test_what_it_needs_is_in_production(lamps: Lamps, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = lamps.operation
    monkeypatch.setattr(lamps, "operation", lambda: {**usual(), "stage_wanted": "production"})
    lamps.entry["depends"] = ["socket"]
    lamps.stages = {"socket": "production"}
    assert lamps.told("dependencies-in-production")[:2] == ("pass", 0)
    lamps.stages = {"socket": "staging"}
    said = "socket is at staging, production or higher is wanted"
    assert lamps.told("dependencies-in-production") == ("fail", 1, said)
    lamps.stages = {"socket": "unknown"}
    verdict, _, cause = lamps.told("dependencies-in-production")
    assert (verdict, cause) == ("inconclusive", "nobody knows at which stage socket is")


def test_open_blockers(lamps: Lamps) -> None:
    issue = {
        "kind": "blocker", "component": "lamp", "number": 7, "state": "open", "title": "it flickers",
        "fields": {"severity": "high"},
    }  # fmt: skip
    lamps.environment["issues"] = {"asked": True, "problem": "", "entries": []}  # type: ignore[assignment]
    assert lamps.told("open-blockers")[:2] == ("pass", 0)
    lamps.environment["issues"] = {"asked": True, "problem": "", "entries": [issue]}  # type: ignore[assignment]
    assert lamps.told("open-blockers") == ("fail", 1, "#7 (high) is open: it flickers")
    lamps.environment["issues"] = {"asked": True, "problem": "GitHub is away", "entries": []}  # type: ignore[assignment]
    verdict, _, cause = lamps.told("open-blockers")
    assert (verdict, cause) == ("inconclusive", "nobody knows which blockers are open: GitHub is away")


def entry(lamps: Lamps, event: str, environment: str = "production", **more: Any) -> dict[str, Any]:
    at = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    artifact = lamps.operation()["artifact"]
    blank = {"component": "lamp", "environment": environment, "artifact": artifact, "data": {"by": "Jane"}}
    return {"event": event, "at": at, **blank, **more}


def test_approval(lamps: Lamps) -> None:
    lamps.ledger = [entry(lamps, "promoted", "staging")]
    verdict, _, cause = lamps.told("approval")
    assert (verdict, cause.startswith("nobody has approved exactly this artifact of lamp")) == ("fail", True)
    lamps.ledger.append(entry(lamps, "approved"))
    assert lamps.told("approval")[:2] == ("pass", 0)
    lamps.ledger.append(entry(lamps, "approved", at="yesterday"))
    assert lamps.told("approval")[0] == "inconclusive"


def test_the_calendar(lamps: Lamps) -> None:
    assert lamps.told("change-calendar")[:2] == ("pass", 0)
    freeze = {"from": "2020-01-01T00:00Z", "until": "2999-01-01T00:00Z", "reason": "the sale"}
    lamps.environment["calendar"] = {"freezes": [freeze], "windows": []}  # type: ignore[assignment]
    verdict, _, cause = lamps.told("change-calendar")
    assert (verdict, cause) == (
        "fail",
        "production is frozen from 2020-01-01T00:00Z until 2999-01-01T00:00Z: the sale; it opens 2999-01-01 00:00 UTC",
    )
    lamps.environment["calendar"] = {"freezes": [], "windows": [{"days": [], "from": 0, "until": 1}]}  # type: ignore[assignment]
    lamps.ledger = [entry(lamps, "maintenance", data={"from": "x", "until": "y"})]
    assert lamps.told("change-calendar")[0] == "inconclusive"
