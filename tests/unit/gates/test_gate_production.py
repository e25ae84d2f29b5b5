"""The catalogue of production: the guide's objectives, every criterion, and that an inventory can only tighten it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria, definition, merge
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN

ROOT = Path(__file__).parents[3]
RAW = yaml.safe_load((ROOT / "roles/quality_gates/defaults/main/production.yml").read_text())[
    "quality_gates_production"
]
GATES = {gate.name: gate for gate in definition.check(RAW, criteria.of_stage("production"), KNOWN)}
# The page with the reasons has a row for each.
PAGE = (ROOT / "docs/gates/production.md").read_text()


@pytest.mark.parametrize(
    ("gate", "objective", "unit"),
    [
        ("integration-coverage", ">= 80", "%"),
        ("integration-tests", "== 0", "failed"),
        ("e2e-tests", "== 0", "failed"),
        ("security-scan", "== 0", "findings of medium or high severity"),
        ("advisories", "== 0", "known vulnerabilities"),
        ("days-in-staging", ">= 7", "days in staging"),
        ("uptime", ">= 99.5", "% up"),
    ],
)
def test_objectives_are_those_of_the_guide(gate: str, objective: str, unit: str) -> None:
    assert (GATES[gate].objective.text, GATES[gate].unit) == (objective, unit)


def test_what_the_network_says_is_worth_a_day() -> None:
    assert {name: gate.valid_hours for name, gate in GATES.items() if gate.valid_hours} == {
        "advisories": 24,
        "packages-current": 24,
    }


def test_only_outdated_packages_are_a_warning() -> None:
    assert [name for name, gate in GATES.items() if gate.warning] == ["packages-current"]


def test_criteria_come_in_the_guide_s_order_and_the_page_names_every_gate() -> None:
    order = [gate.criterion for gate in GATES.values()]
    assert list(dict.fromkeys(order)) == [criterion.name for criterion in criteria.of_stage("production")]
    table = [line for line in PAGE.splitlines() if line.startswith("|")]
    assert [name for name in GATES if not any(f"`{name}`" in line for line in table)] == []


def test_what_only_time_or_a_person_can_do_says_what_to_do() -> None:
    waiting = {name: gate.remedy for name, gate in GATES.items() if gate.indicator["type"] == "ledger"}
    assert set(waiting) == {
        "performance",
        "days-in-staging",
        "uptime",
        "soak-logs",
        "soak-metrics",
        "soak-tests",
        "soak-incidents",
        "rollback-documented",
        "rollback-rehearsed",
        "load",
    }
    assert all(re.match(r"(Wait|Declare|Have|Rehearse|Record)\b", remedy) for remedy in waiting.values())


@pytest.mark.parametrize(
    "extra",
    [
        {"name": "packages-current", "warning": "== 0"},
        {"name": "packages-current", "warning": ">= 0 and <= 3"},
        {"name": "advisories", "valid_hours": 1},
        {"name": "days-in-staging", "objective": ">= 14"},
        {"name": "integration-coverage", "objective": ">= 90"},
    ],
)
def test_an_inventory_tightens(extra: dict[str, Any]) -> None:
    merged = merge.merged(RAW, [extra])
    definition.check(merged, criteria.of_stage("production"), KNOWN)
    assert next(gate for gate in merged if gate["name"] == extra["name"]).items() >= extra.items()


@pytest.mark.parametrize(
    "extra",
    [
        {"name": "advisories", "valid_hours": 48},
        {"name": "advisories", "warning": ">= 0"},
        {"name": "days-in-staging", "objective": ">= 6"},
        {"name": "uptime", "objective": ">= 99"},
        {"name": "secrets", "indicator": {"type": "readme"}},
    ],
)
def test_an_inventory_does_not_loosen(extra: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError):
        merge.merged(RAW, [extra])
