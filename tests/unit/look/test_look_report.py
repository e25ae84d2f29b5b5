"""A report at the widths people read it at; the golden files are what was looked at and found readable."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.look.report import render
from ansible_collections.tta.ops.plugins.plugin_utils.look.style import Look
from ansible_collections.tta.ops.plugins.plugin_utils.look.wrap import cells

GOLDEN = Path(__file__).parent / "golden"
LONG_COMMAND = (
    "git archive 1f2e3d | tar -x -C /tmp/x && cd /tmp/x && ruff check --no-cache --output-format json "
    "src/components/gameplay_loop src/components/gameplay_loop_component.py"
)
REFUSED: dict[str, Any] = {
    "headline": "NOT PROMOTED gameplay_loop → staging 5/7",
    "outcome": "refused",
    "criteria": [
        {
            "criterion": "core-features",
            "title": "Core features complete",
            "verdict": "pass",
            "attested": True,
            "gates": [{"gate": "features", "verdict": "pass", "found": "Jane Doe, 2026-11-19"}],
        },
        {
            "criterion": "unit-tests",
            "title": "Unit tests and coverage",
            "verdict": "fail",
            "attested": False,
            "gates": [
                {"gate": "unit-tests", "verdict": "pass", "found": "31 passed", "wanted": "0 failed"},
                {
                    "gate": "unit-coverage",
                    "verdict": "fail",
                    "found": "41.5 %",
                    "wanted": ">= 70",
                    "by_hand": "pytest tests/test_gameplay_loop.py",
                    "remedy": "Write tests for the files with the lowest coverage; the evidence lists the lines "
                    "that no test reaches, file by file.",
                    "cause": None,
                    "again": "ansible-playbook gates.yml -e component=gameplay_loop",
                    "seconds": 3.2,
                },
            ],
        },
        {
            "criterion": "code-quality",
            "title": "Code quality and security",
            "verdict": "inconclusive",
            "attested": False,
            "gates": [
                {
                    "gate": "lint",
                    "verdict": "inconclusive",
                    "found": None,
                    "wanted": "== 0",
                    "by_hand": LONG_COMMAND,
                    "remedy": "Install ruff.",
                    "cause": "ruff is not on PATH\nlooked in /usr/bin",
                    "again": "ansible-playbook gates.yml -e component=gameplay_loop",
                }
            ],
        },
        {
            "criterion": "deployability",
            "title": "Can be deployed",
            "verdict": "pass",
            "attested": False,
            "gates": [],
        },
    ],
    "rows": [["evidence", "/home/jane/.local/state/tta-ops/evidence/20261120T084501Z-1a2b3c"]],
    "next": ["ansible-playbook promote-staging.yml -e component=gameplay_loop"],
}
STATUS: dict[str, Any] = {
    "headline": "STATUS components: 1 in staging, no answer from production-1",
    "outcome": "status",
    "table": {
        "columns": ["component", "runs in", "commit/tree", "missing for the next stage"],
        "rows": [
            ["carbon", "staging (release 1)", "cccccccccccc/0123456789ab", "in observation until 2026-11-27 (7 days)"],
            ["gameplay_loop", "nowhere", "", "not judged yet"],
        ],
    },
    "rows": [["production-1", "no answer, last known: nothing"]],
    "next": [],
}


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize(("name", "report"), [("refused", REFUSED), ("status", STATUS)])
def test_golden(name: str, report: dict[str, Any], width: int) -> None:
    golden = GOLDEN / f"{name}-{width}.txt"
    assert "\n".join(render(report, Look(width=width))) + "\n" == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_only_words_and_commands_are_wider_than_the_terminal(width: int) -> None:
    commands = {LONG_COMMAND, REFUSED["next"][0], "ansible-playbook gates.yml -e component=gameplay_loop"}
    for line in render(REFUSED, Look(width=width)):
        assert cells(line) <= width or line in commands or " " not in line.strip(), line


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_a_command_is_never_broken(width: int) -> None:
    lines = [line.strip() for line in render(REFUSED, Look(width=width))]
    assert any(line.endswith(LONG_COMMAND) for line in lines)


def test_the_headline_is_the_first_line() -> None:
    assert render(REFUSED, Look())[0] == "NOT PROMOTED gameplay_loop → staging 5/7"


def test_colours_change_no_text() -> None:
    plain = render(REFUSED, Look(width=100))
    painted = render(REFUSED, Look(width=100, colour=True))
    assert painted != plain
    assert [re.sub("\x1b\\[[0-9]+m", "", line) for line in painted] == plain


def test_symbols_only_when_asked_for() -> None:
    assert any("✗" in line for line in render(REFUSED, Look(symbols=True)))
    assert not any("✗" in line or "✓" in line for line in render(REFUSED, Look()))


def test_an_encoding_without_arrows_gets_none() -> None:
    assert all(line.isascii() for line in render(REFUSED, Look(unicode=False)))


def test_gates_that_passed_say_nothing() -> None:
    assert not any("31 passed" in line for line in render(REFUSED, Look()))


def test_deployability_has_no_number() -> None:
    numbered = copy.deepcopy(REFUSED)
    numbered["criteria"].insert(0, numbered["criteria"].pop())
    lines = render(numbered, Look())
    assert any(re.match(r"ok  +Can be deployed", line) for line in lines)
    assert any(re.match(r"ok  1 Core features complete \(your word: Jane Doe, 2026-11-19\)", line) for line in lines)


def test_an_empty_report_still_has_a_headline() -> None:
    assert render({"headline": "DONE x"}, Look()) == ["DONE x"]
