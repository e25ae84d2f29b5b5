"""Warnings, waivers and what was not judged, as the terminal shows them: own marks, own words, nothing to do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.look.report import render
from ansible_collections.tta.ops.plugins.plugin_utils.look.style import Look


def row(state: str, verdict: str, **changes: Any) -> dict[str, Any]:
    gate = {
        "gate": "audit",
        "state": state,
        "verdict": verdict,
        "found": "3 outdated",
        "wanted": "0 outdated",
        "by_hand": "pip list --outdated",
        "remedy": "Update them.",
        "again": "ansible-playbook gates.yml",
        "cause": "",
    }
    return {
        "criterion": "security-review",
        "title": "No critical vulnerabilities",
        "state": state,
        "verdict": verdict,
        "counted": True,
        "gates": [{**gate, **changes}],
    }


def shown(criterion: dict[str, Any], **look: Any) -> list[str]:
    return render({"headline": "H", "outcome": "done", "criteria": [criterion]}, Look(**look))[2:]


def test_a_warning_is_shown_without_anything_to_do() -> None:
    lines = shown(row("warning", "pass", warning="3 is let through by the warning '>= 0'"))
    assert lines == [
        "!!  1 No critical vulnerabilities",
        "      audit: pass, with a warning",
        "        found    3 outdated",
        "        wanted   0 outdated",
        "        warning  3 is let through by the warning '>= 0'",
    ]


def test_a_waiver_says_who_until_when_and_why() -> None:
    lines = shown(row("waived", "fail", waived="until 2026-12-31 by Jane: soon", cause="a==1 CVE-1"))
    assert lines == [
        "~~  1 No critical vulnerabilities (waived)",
        "      audit: fail, waived",
        "        found    3 outdated",
        "        wanted   0 outdated",
        "        waived   until 2026-12-31 by Jane: soon",
        "        cause    a==1 CVE-1",
    ]


def test_an_expired_waiver_stands_beside_the_failure() -> None:
    lines = shown(row("fail", "fail", expired="until 2026-11-01 by Jane: soon"))
    assert "        expired  until 2026-11-01 by Jane: soon" in lines
    assert "        remedy   Update them." in lines


def test_what_was_not_judged_says_so() -> None:
    assert shown({**row("not-judged", "not judged"), "gates": []}) == ["--  1 No critical vulnerabilities (not judged)"]


def test_eight_criteria_are_numbered_and_uncounted_ones_are_not() -> None:
    criteria = [{**row("pass", "pass"), "title": str(number)} for number in range(1, 9)]
    extra = {**row("pass", "pass"), "counted": False, "title": "extra"}
    lines = render({"headline": "H", "criteria": [extra, *criteria]}, Look())[2:]
    assert lines == ["ok    extra", *(f"ok {number:>2} {number}" for number in range(1, 9))]


@pytest.mark.parametrize(("state", "mark"), [("warning", "!"), ("waived", "~"), ("not-judged", "-")])
def test_marks_differ_without_colours(state: str, mark: str) -> None:
    assert shown(row(state, "pass"), symbols=True)[0].startswith(f"{mark}   1 ")
