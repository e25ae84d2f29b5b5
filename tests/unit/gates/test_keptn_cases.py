"""Keptn's rules for criteria, as its documentation and its lighthouse service have them, case by case.

Where this toolkit decides otherwise a case says what Keptn says and what we say; docs/gates/keptn.md lists them all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import baseline as baselines
from ansible_collections.tta.ops.plugins.plugin_utils.gates import objective
from ansible_collections.tta.ops.plugins.plugin_utils.gates.baseline import Baseline, How
from ansible_collections.tta.ops.plugins.plugin_utils.gates.comparison import ABSOLUTE, ADDED, PERCENT
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.verdict import decide
from definitions import ROOT, checked

EXCEPTIONS = (ROOT / Path("docs/gates/keptn.md")).read_text()


def decided(found: Any, objective: str, before: list[float], warning: str = "", **how: Any) -> str:
    """Judge by a gate; what passes with a warning is Keptn's `warning`."""
    more = {"warning": warning} if warning else {}
    gate = checked(measure="found", examined="looked", objective=objective, **more)
    baseline = baselines.of([(f"run-{n}", value) for n, value in enumerate(before)], How(**how))
    decision = decide(gate, Measurement(document={"found": found, "looked": 1}), baseline)
    return "warning" if decision.verdict == "pass" and decision.warning else decision.verdict


@pytest.mark.parametrize(
    ("text", "comparator", "number", "kind"),
    [
        ("<10", "<", 10, ABSOLUTE),
        ("<=10", "<=", 10, ABSOLUTE),
        ("=10", "==", 10, ABSOLUTE),
        (">=10", ">=", 10, ABSOLUTE),
        (">10", ">", 10, ABSOLUTE),
        (">-10%", ">", -10, PERCENT),
        ("<=+10.5%", "<=", 10.5, PERCENT),
        ("<=+10", "<=", 10, ADDED),
        ("  <=+10   %", "<=", 10, PERCENT),
        (">-8%", ">", -8, PERCENT),
        ("=0", "==", 0, ABSOLUTE),
    ],
)
def test_a_criterion_is_read_as_keptn_reads_it(text: str, comparator: str, number: float, kind: str) -> None:
    (part,) = objective.parse(text, "here").parts
    assert (part.comparator, part.number, part.kind) == (comparator, number, kind)


@pytest.mark.parametrize(
    ("found", "criterion", "verdict"),
    [
        (10, ">9", "pass"),
        (10, ">=10", "pass"),
        (10, "<=10", "pass"),
        (10, "<10", "fail"),
        (10, ">10", "fail"),
        (10, "=9", "fail"),
        (10, "=10", "pass"),
    ],
)
def test_absolute(found: float, criterion: str, verdict: str) -> None:
    assert decided(found, criterion, []) == verdict


@pytest.mark.parametrize(
    ("found", "criterion", "before", "aggregate", "verdict"),
    [
        (10, "<=+10%", [10, 10], "avg", "pass"),
        (11, "<=+10%", [10, 10], "avg", "pass"),
        (11.01, "<=+10%", [10, 10], "avg", "fail"),
        (10, "<+0%", [10, 10], "avg", "fail"),
        (10, ">+0%", [10, 10], "avg", "fail"),
        (11, "=+1", [10, 10], "avg", "pass"),
        (9, "=-1", [10, 10], "avg", "pass"),
        (10, "<=+10%", [10, 5], "p50", "fail"),  # the median is 7.5
        (8.25, "<=+10%", [10, 5], "p50", "pass"),
        (10, ">=-10%", [10, 10], "p50", "pass"),
        (9, ">=-10%", [10, 10], "avg", "pass"),
        (8.99, ">=-10%", [10, 10], "avg", "fail"),
        (30, "<=+20", [10], "avg", "pass"),
        (30.01, "<=+20", [10], "avg", "fail"),
        (-6, "<=-5", [0, -2], "avg", "pass"),
        (0, "<=+10%", [0, 0], "avg", "pass"),
        (0.1, "<=+10%", [0, 0], "avg", "fail"),
    ],
)
def test_relative(found: float, criterion: str, before: list[float], aggregate: str, verdict: str) -> None:
    assert decided(found, criterion, before, aggregate=aggregate) == verdict


@pytest.mark.parametrize(("aggregate", "value"), [("p50", 5.0), ("p90", 9.8), ("p95", 10.0), ("avg", 5.0)])
def test_aggregates(aggregate: str, value: float) -> None:
    made = baselines.of([("run", float(number)) for number in range(11)], How(50, aggregate))
    assert made.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("found", "criteria", "verdict"),
    [
        (10, "<=+10% and <=10.0", "pass"),
        (11, "<=+10% and <=10.0", "fail"),
        (999, "<1000 and <=+10%", "fail"),
        (10.5, "<1000 and <=+10%", "pass"),
        (1000, "<1000 and <=+10%", "fail"),
    ],
)
def test_combined(found: float, criteria: str, verdict: str) -> None:
    assert decided(found, criteria, [10, 10]) == verdict


@pytest.mark.parametrize(("found", "verdict"), [(10, "pass"), (16, "warning"), (21, "fail")])
def test_warning(found: float, verdict: str) -> None:
    assert decided(found, "<=15", [10, 10], warning="<=20") == verdict
    assert decided(found, "<=+50%", [10, 10], warning="<=+10") == verdict


def test_without_an_earlier_result_the_absolute_part_still_decides() -> None:
    assert decided(1001, "<1000 and <=+10%", []) == "fail"


def test_only_the_last_results_count() -> None:
    assert decided(30, "<=+10%", [10, 100, 100], results=1) == "fail"
    assert decided(30, "<=+10%", [10, 100, 100], results=3) == "pass"


# Otherwise than Keptn: each is listed in docs/gates/keptn.md under the words given here.


@pytest.mark.parametrize(
    ("listed", "keptn", "ours", "found", "criteria", "before", "warning"),
    [
        ("No earlier result", "pass", "warning", 10**6, "<=+10%", [], ""),
        ("No earlier result", "pass", "warning", 999, "<=+10% and <1000", [], ""),
        ("No earlier result for a warning", "warning", "fail", 501, "<=500", [], "<=+20%"),
        ("No number", "fail", "inconclusive", None, "<=500", [10], ""),
        ("A percent of a negative baseline", "fail", "inconclusive", -10, "<=+10%", [-10, -10], ""),
        ("A percent of a negative baseline", "pass", "inconclusive", -10.5, ">=+10%", [-10, -10], ""),
        ("A floor that is a percent of 0", "pass", "inconclusive", 0, ">=+10%", [0, 0], ""),
    ],
)
def test_where_keptn_fails_open(
    listed: str, keptn: str, ours: str, found: Any, criteria: str, before: list[float], warning: str
) -> None:
    assert decided(found, criteria, before, warning=warning) == ours != keptn
    assert f"| {listed} |" in EXCEPTIONS


@pytest.mark.parametrize(
    ("listed", "criteria"),
    [("A percent without a sign", "<=10%"), ("A criterion that cannot be read", "<=ten"), ("Alternatives", "<1 or <2")],
)
def test_what_keptn_reads_or_skips_is_refused(listed: str, criteria: str) -> None:
    with pytest.raises(DefinitionError):
        objective.parse(criteria, "here")
    assert f"| {listed} |" in EXCEPTIONS


def test_an_unknown_aggregate_is_refused() -> None:
    with pytest.raises(DefinitionError, match="one of avg, p50, p90, p95"):
        baselines.parse({"aggregate": "p99"}, "here,")
    assert "| An unknown aggregate |" in EXCEPTIONS


def test_a_gate_has_an_objective_and_an_amount() -> None:
    """Keptn shows an objective without criteria as information, and passes a service that has no objectives."""
    with pytest.raises(DefinitionError, match="has no objective"):
        checked(objective=None)
    gate = checked(measure="found", examined="looked", objective="<= 5")
    nothing = Measurement(document={"found": 0, "looked": 0})
    assert decide(gate, nothing, Baseline("avg", 1.0, (("run", 1.0),))).verdict == "inconclusive"
    for listed in ("No criteria", "Nothing examined", "Weights and scores", "What the baseline is made of"):
        assert f"| {listed} |" in EXCEPTIONS
