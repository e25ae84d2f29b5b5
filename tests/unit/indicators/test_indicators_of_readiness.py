"""The gates of readiness by their indicators: what is found is a sentence, what nobody knows is inconclusive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.blockers import Blockers
from ansible_collections.tta.ops.plugins.plugin_utils.standing import issues
from workplace import TREE, Workplace

GRAVE = {"type": "blockers", "severities": ["critical", "high"]}


def issue(number: int = 7, **more: Any) -> dict[str, Any]:
    fields = {"severity": "high", **more.pop("fields", {})}
    blank = {"kind": "blocker", "component": "lamp", "state": "open", "title": "it flickers"}
    return {"number": number, **blank, "fields": fields, **more}


def blockers(tmp_path: Path, *entries: dict[str, Any], **more: Any) -> Any:
    known = {"asked": True, "problem": "", "entries": list(entries), **more}
    return Workplace(tmp_path, environment={"issues": known}).measure(**GRAVE)


def test_a_grave_blocker_is_named(tmp_path: Path) -> None:
    found = blockers(tmp_path, issue(), issue(8, fields={"severity": "critical"}, title="it burns")).document
    assert found["findings"] == ["#7 (high) is open: it flickers", "#8 (critical) is open: it burns"]
    assert found["examined"] == ["the tracker", "#7", "#8"]


@pytest.mark.parametrize(
    "other",
    [
        issue(state="closed"),
        issue(kind="promotion"),
        issue(component="socket"),
        issue(fields={"severity": "medium"}),
        issue(fields={"gate": "lint"}),
    ],
)
def test_what_is_closed_mild_or_a_gate_s_own_lets_through(tmp_path: Path, other: dict[str, Any]) -> None:
    assert blockers(tmp_path, other).document["findings"] == []


def test_a_blocker_without_a_severity_is_grave(tmp_path: Path) -> None:
    assert blockers(tmp_path, issue(fields={"severity": ""})).document["findings"] == [
        "#7 (of no severity) is open: it flickers"
    ]


@pytest.mark.parametrize("more", [{"asked": False}, {"problem": "GitHub does not answer"}])
def test_a_tracker_that_did_not_answer_is_no_empty_one(tmp_path: Path, more: dict[str, Any]) -> None:
    assert blockers(tmp_path, **more).problem.startswith("nobody knows which blockers are open: ")
    assert Workplace(tmp_path).measure(**GRAVE).problem.startswith("nobody knows")


@pytest.mark.parametrize("given", [None, [], ["grave"], "high"])
def test_severities_that_are_none(given: Any) -> None:
    with pytest.raises(DefinitionError):
        Blockers.check({"severities": given}, "gate x")


def test_the_issues_of_all_environments_are_put_together() -> None:
    here = {"environments": {"staging": {"issues": {"entries": [issue()], "problem": None}}}}
    found = issues({"staging": here, "production": None})
    assert (found["asked"], found["entries"][0]["environment"]) == (True, "staging")
    assert found["problem"] == "the host that keeps those of production does not answer"
    damaged = {"environments": {"staging": {"issues": {"entries": [], "problem": "3.json is damaged"}}}}
    assert issues({"staging": damaged})["problem"] == "3.json is damaged"


def approved(days_ago: float) -> dict[str, Any]:
    at = f"{datetime.now(UTC) - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}"
    given = {"component": "lamp", "environment": "production", "artifact": {"tree": TREE}, "data": {"by": "Jane"}}
    return {"event": "approved", "at": at, **given}


def test_an_approval_is_found_and_an_old_one_is_not_enough(tmp_path: Path) -> None:
    document = Workplace(tmp_path, ledger=[approved(1)]).measure(type="approval").document
    assert (document["findings"], document["examined"]) == ([], 1)
    assert document["said"].startswith("approved by Jane on ")
    older = Workplace(tmp_path, ledger=[approved(20)]).measure(type="approval").document
    assert older["findings"][0].endswith("is older than 14 days")
    none = Workplace(tmp_path).measure(type="approval").document
    assert none["findings"][0].startswith("nobody has approved exactly this artifact of lamp")


def test_the_clock_is_compared_with_the_calendar(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    until = now + timedelta(hours=2)
    freeze = {"from": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%MZ}", "until": f"{until:%Y-%m-%dT%H:%MZ}", "reason": "x"}
    environment = {"calendar": {"freezes": [freeze], "windows": []}}
    document = Workplace(tmp_path, environment=environment).measure(type="calendar").document
    assert document["findings"][0].endswith(f"x; it opens {until:%Y-%m-%d %H:%M} UTC")
    assert Workplace(tmp_path).measure(type="calendar").document["findings"] == []
    torn = [{"event": "maintenance", "environment": "production", "data": {"from": "x", "until": "y"}}]
    windows = {"calendar": {"freezes": [], "windows": [{"days": [], "from": 0, "until": 1}]}}
    broken = Workplace(tmp_path, environment=windows, ledger=torn).measure(type="calendar")
    assert "whose times cannot be read" in broken.problem
