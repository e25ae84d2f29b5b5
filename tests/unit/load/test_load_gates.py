"""The gates `performance` and `load` on what a load test leaves in the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria, definition
from ansible_collections.tta.ops.plugins.plugin_utils.gates.decision import decide
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.ledger import _compared

ROOT = Path(__file__).parents[3]
RAW = yaml.safe_load((ROOT / "roles/quality_gates/defaults/main/production.yml").read_text())[
    "quality_gates_production"
]
GATES = {gate.name: gate for gate in definition.check(RAW, criteria.of_stage("production"), KNOWN)}
SLA = {"p95_ms": 150, "error_rate": 0.01}
GOOD: dict[str, Any] = {"requests": 2000, "failed": 0, "p95_ms": 20.0, "error_rate": 0.0}
FULL = {"problems": [], "regressions": [], "failures": {}}


def verdict(gate: str, data: dict[str, Any], sla: dict[str, float] | None = None) -> tuple[str, str]:
    promises = _compared(data, SLA if sla is None else sla)
    decision = decide(GATES[gate], Measurement(document={"last": {"data": data}, "promises": promises, "problems": []}))
    return decision.verdict, decision.cause


@pytest.mark.parametrize("data", [GOOD, GOOD | FULL])
def test_kept_promises_pass_both(data: dict[str, Any]) -> None:
    assert verdict("performance", data)[0] == verdict("load", data)[0] == "pass"


def test_a_missed_promise_and_a_regression_fail_and_are_named() -> None:
    assert verdict("performance", GOOD | {"p95_ms": 200.0}) == ("fail", "p95_ms was 200, at most 150 is promised")
    assert verdict("performance", GOOD | {"error_rate": 0.5})[0] == "fail"
    said = "p95_ms was 20, in the last run that passed 5"
    assert verdict("performance", GOOD | FULL | {"regressions": [said]}) == ("fail", said)


def test_a_failed_request_fails_and_says_how() -> None:
    data = GOOD | FULL | {"failed": 1, "failures": {"ConnectionError: gone": 1}}
    assert verdict("load", data) == ("fail", "ConnectionError: gone")


def test_a_saturated_generator_is_inconclusive_for_both() -> None:
    data = GOOD | FULL | {"problems": ["the generator was saturated"]}
    assert verdict("performance", data) == verdict("load", data) == ("inconclusive", "the generator was saturated")


def test_nothing_promised_or_nothing_measured_is_inconclusive() -> None:
    assert verdict("performance", GOOD, {})[0] == "inconclusive"
    assert verdict("performance", GOOD, {"p99_ms": 1})[0] == "inconclusive"
    assert verdict("load", {"requests": 0, "failed": 0})[0] == "inconclusive"
