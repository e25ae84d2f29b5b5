"""A judgement as the terminal and Ansible's message tell it."""

from __future__ import annotations

from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils.gates import report
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judge import Judged
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from reported.facts import FAILING, STAGING, WAIVED, gates, operation, verdicts


def told(said: list[dict[str, Any]], page: str = "", **changes: Any) -> dict[str, Any]:
    judged = [Judged(gate, {**each, "waiver": None}, Measurement()) for gate, each in zip(gates(), said, strict=True)]
    return report.report(operation(**changes), STAGING, judged, "/evidence/run", verdicts=said, page=page)


def test_where_report_and_evidence_lie_and_what_was_earned_before() -> None:
    assert told(verdicts(**WAIVED), page="/reports/run/report.html")["rows"] == [
        ["reused", "unit-tests: earned 2026-11-19T09:00:20Z in run 20261119T090000Z-aaaaaa"],
        ["holds until", "2026-11-21T08:45:31Z"],
        ["evidence", "/evidence/run"],
        ["report", "/reports/run/report.html"],
    ]


def test_files_that_the_commit_has_not_are_named() -> None:
    assert told(verdicts(), dirty=["a.py", "b.py"])["rows"][0] == ["not judged", "uncommitted: a.py, b.py"]


def test_waivers_come_from_the_verdicts_given() -> None:
    rows = {row["criterion"]: row for row in told(verdicts(**WAIVED))["criteria"]}
    quality = rows["code-quality"]
    assert (quality["state"], quality["verdict"], quality["waived"]) == ("waived", "fail", True)
    security = next(gate for gate in quality["gates"] if gate["gate"] == "security")
    assert security["waived"] == "until 2026-12-31 by Jane Doe: the vendor mends it in 2.1"
    assert (rows["dependencies"]["state"], rows["deployability"]["counted"]) == ("warning", False)


def test_plain_text_names_what_refuses_and_what_to_do() -> None:
    text = report.plain(told(verdicts(**FAILING)))
    assert text.startswith("NOT READY carbon → staging 5/7\nUnit tests and coverage: fail\n")
    assert "types: found inconclusive; wanted 0 errors and warnings\n    cause: pyright ended by signal 9" in text
    assert "    remedy: Mend what lint found." in text
    assert text.endswith("again: ansible-playbook gates.yml -e component=carbon -e stage=staging")


def test_plain_text_of_what_lets_through_asks_for_nothing() -> None:
    text = report.plain(told(verdicts(**WAIVED)))
    assert text.startswith("READY carbon → staging 6/7, 1 waived, 1 warning\n")
    assert "    waived: until 2026-12-31 by Jane Doe" in text
    assert "    warning: no earlier passing result to compare with" in text
    assert "remedy" not in text
    assert "again" not in text
