"""Unknown is never a pass."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.baseline import Baseline, from_json
from ansible_collections.tta.ops.plugins.plugin_utils.gates.definition import check
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.process import Finished
from ansible_collections.tta.ops.plugins.plugin_utils.gates.verdict import NO_BASELINE, decide, verdict
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from definitions import STAGING, catalogue, checked
from hypothesis import given
from hypothesis import strategies as st

GATE = checked(measure="found", findings="why", objective=">= 70", unit="%", of="statements", examined="looked")


def decided(**document: Any) -> tuple[str, str]:
    decision = decide(GATE, Measurement(document=document))
    return decision.verdict, decision.cause


def test_pass_and_fail() -> None:
    assert decided(found=70, looked=12) == ("pass", "")
    assert decided(found=69.9, looked=12, why=["a.py:3"]) == ("fail", "a.py:3")


@pytest.mark.parametrize("found", [None, "71", True, math.nan, math.inf, -math.inf, [71], {"found": 71}])
def test_what_is_no_number_is_inconclusive(found: Any) -> None:
    verdict, cause = decided(found=found, looked=12)
    assert verdict == "inconclusive"
    assert cause.startswith("no number was measured (got ")
    assert cause.endswith("; gate lint, key measure: found; wanted: a finite number)")


@pytest.mark.parametrize("looked", [None, 0, -1, [], "12", True, math.nan, {}])
def test_nothing_examined_is_inconclusive(looked: Any) -> None:
    assert decided(found=100, looked=looked) == ("inconclusive", "nothing was examined (statements: none)")


def test_a_list_of_what_was_examined_counts() -> None:
    decision = decide(GATE, Measurement(document={"found": 100, "looked": ["a.py", "b.py"]}))
    assert (decision.verdict, decision.examined) == ("pass", 2)


def test_problems_come_before_numbers() -> None:
    assert decided(found=100, looked=12, problems=["a.py cannot be read", ""]) == (
        "inconclusive",
        "a.py cannot be read",
    )


def test_an_indicator_that_could_not_measure_is_inconclusive_whatever_its_document_says() -> None:
    decision = decide(GATE, Measurement(document={"found": 100, "looked": 3}, problem="ruff is not installed"))
    assert (decision.verdict, decision.cause) == ("inconclusive", "ruff is not installed")


def test_a_tool_whose_exit_code_and_report_disagree_is_inconclusive() -> None:
    ended = Finished(("ruff",), 1, "[]", "", 0.1, "exit")
    measurement = Measurement(document={"found": 100, "looked": 3}, claims_findings=True, commands=(ended,))
    decision = decide(GATE, measurement)
    assert decision.verdict == "inconclusive"
    assert "ruff ended with exit code 1" in decision.cause


def test_an_expression_that_does_not_fit_the_document_is_inconclusive() -> None:
    gate = checked(measure="sum(found)")
    assert decide(gate, Measurement(document={"found": ["x"], "files": [1]})).verdict == "inconclusive"


SLOW = checked(
    measure="ms", examined="looked", findings="why", objective="< 500 and <= +10%", warning="< 800", unit="ms"
)
BEFORE = Baseline("avg", 400.0, (("run-2", 420.0), ("run-1", 380.0)))


def slow(ms: float, baseline: Baseline | None = BEFORE, **document: Any) -> Any:
    return decide(SLOW, Measurement(document={"ms": ms, "looked": 1, **document}), baseline)


def test_a_relative_objective_compares_with_the_baseline() -> None:
    assert (slow(440).verdict, slow(440).warning) == ("pass", "")
    assert slow(900).verdict == "fail"


def test_a_warning_lets_through_and_says_so_with_the_findings() -> None:
    decision = slow(441, why=["GET / is slow"])
    assert (decision.verdict, decision.cause) == ("pass", "")
    assert decision.warning == (
        "441 is let through by the warning '< 800'; wanted: less than 500 ms and at most 440 ms (baseline 400 + 10 %)\n"
        "GET / is slow"
    )


def test_no_baseline_is_a_stated_warning_and_the_absolute_part_decides() -> None:
    nothing = Baseline("avg", None, ())
    for none in (None, nothing):
        assert (slow(499, none).verdict, slow(499, none).warning) == ("pass", NO_BASELINE)
        assert slow(801, none).verdict == "fail"
    assert slow(600, nothing).warning.startswith(f"{NO_BASELINE}\n600 is let through by the warning")


def test_a_warning_that_only_compares_lets_nothing_through_without_a_baseline() -> None:
    gate = checked(measure="ms", examined="looked", objective="< 500", warning="<= +10%")
    measurement = Measurement(document={"ms": 600, "looked": 1})
    assert decide(gate, measurement, None).verdict == "fail"
    assert decide(gate, measurement, Baseline("avg", 590.0, (("run", 590.0),))).verdict == "pass"


@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_a_baseline_that_bounds_nothing_is_inconclusive_and_says_what_would(value: float) -> None:
    decision = slow(1, Baseline("avg", value, (("run", value),)))
    assert decision.verdict == "inconclusive"
    assert "key objective; wanted: a baseline above 0, or an objective without a percent" in decision.cause


def test_a_pass_expires_and_nothing_else_does() -> None:
    gate = checked(measure="found", examined="looked", valid_hours=24)
    artifact = {"component": "carbon", "commit": "c", "tree": "t"}

    def told(found: int) -> dict[str, Any]:
        measurement = Measurement(document={"found": found, "looked": 3})
        return verdict(gate, measurement, artifact, "", datetime(2026, 11, 20, 23, tzinfo=UTC), 0)

    assert told(0)["expires"] == "2026-11-21T23:00:00Z"
    assert told(1)["expires"] is None


def test_a_verdict_carries_its_warning_and_its_baseline() -> None:
    artifact = {"component": "carbon", "commit": "c", "tree": "t"}
    measurement = Measurement(document={"ms": 441, "looked": 1})
    told = verdict(SLOW, measurement, artifact, "", datetime(2026, 11, 20, tzinfo=UTC), 0, BEFORE)
    assert told["warning"].startswith("441 is let through")
    assert told["baseline"] == {
        "aggregate": "avg",
        "value": 400,
        "results": [{"run": "run-2", "found": 420}, {"run": "run-1", "found": 380}],
    }
    assert from_json(told["baseline"]) == BEFORE


def test_findings_that_an_objective_admits_agree_with_an_exit_code_that_speaks_of_them() -> None:
    gate = checked(measure="found", examined="looked", findings="why", objective="<= 3")
    some = Measurement(document={"found": 2, "looked": 1, "why": ["a", "b"]}, claims_findings=True)
    assert decide(gate, some).verdict == "pass"
    assert decide(gate, replace(some, document={"found": 0, "looked": 1, "why": ["a"]})).verdict == "inconclusive"
    assert decide(gate, replace(some, document={"found": 2, "looked": 1})).verdict == "inconclusive"


def test_a_note_belongs_to_the_cause_of_anything_but_a_pass() -> None:
    def cause(**document: Any) -> str:
        return decide(GATE, Measurement(document=document, note="it writes here only")).cause

    assert cause(found=71, looked=1) == ""
    assert cause(found=1, looked=1, why=["a.py"]) == "a.py\nit writes here only"
    assert cause(found=1, looked=1) == "it writes here only"
    assert cause(found=1, looked=0).endswith("(statements: none)\nit writes here only")


def test_many_findings_are_cut() -> None:
    _, cause = decided(found=0, looked=1, why=[str(number) for number in range(20)])
    assert cause.splitlines()[-1] == "… and 12 more"


GATES = check(catalogue(), STAGING, KNOWN)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 200) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.sampled_from(GATES))
def test_no_garbage_passes_any_gate_of_the_catalogue(garbage: Any, gate: Any) -> None:
    """Documents made of keys that no indicator has: nothing in them can have been examined."""
    assert decide(gate, Measurement(document=garbage)).verdict != "pass"


WORDS = sorted(
    {
        word
        for gate in GATES
        for word in f"{gate.measure} {gate.examined}".replace("(", ".").replace(")", ".").split(".")
    }
)
NUMBERLESS = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.sampled_from([math.nan, math.inf]),
    lambda inner: st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)


@given(NUMBERLESS, st.sampled_from(GATES))
def test_nothing_that_looks_like_a_document_but_holds_no_number_passes(garbage: Any, gate: Any) -> None:
    assert decide(gate, Measurement(document=garbage)).verdict != "pass"


@given(NUMBERLESS, st.sampled_from([gate for gate in GATES if gate.indicator["type"] == "command"]))
def test_no_garbage_from_a_tool_passes(garbage: Any, gate: Any) -> None:
    document = {"exit": 0, "out": garbage, "lines": [], "files": ["a.py"], "python_files": ["a.py"]}
    assert decide(gate, Measurement(document=document)).verdict != "pass"


def test_the_verdict_has_the_fields_of_schema_1_and_is_json() -> None:
    artifact = {"schema": 1, "component": "carbon", "commit": "c", "tree": "t", "images": {}, "built": None}
    measurement = Measurement(document={"found": 71, "looked": 3}, tools={"ruff": "1"}, attested={"by": "J", "at": "d"})
    told = verdict(GATE, measurement, artifact, "cd x", datetime(2026, 11, 20, tzinfo=UTC), 1.234)
    assert json.loads(json.dumps(told)) == told
    assert told["artifact"] == {"component": "carbon", "commit": "c", "tree": "t"}
    assert (told["verdict"], told["found"], told["wanted"], told["examined"]) == ("pass", 71, ">= 70", 3)
    assert (told["earned"], told["seconds"], told["attested"]) == ("2026-11-20T00:00:00Z", 1.23, None)


def test_an_attested_gate_says_whose_word_it_is() -> None:
    gate = checked(attested=True, measure="found", examined="looked")
    artifact = {"component": "carbon", "commit": "c", "tree": "t"}
    measurement = Measurement(document={"found": 0, "looked": 3}, attested={"by": "Jane", "at": "2026-11-02"})
    told = verdict(gate, measurement, artifact, "", datetime(2026, 11, 20, tzinfo=UTC), 0)
    assert told["attested"] == {"by": "Jane", "at": "2026-11-02"}
