from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.baseline import Baseline
from ansible_collections.tta.ops.plugins.plugin_utils.gates.definition import check
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.merge import merged
from ansible_collections.tta.ops.plugins.plugin_utils.gates.verdict import decide
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from definitions import ONE, lint
from hypothesis import given
from hypothesis import strategies as st

COVERAGE = lint(name="coverage", objective=">= 70")


def test_an_inventory_adds_a_gate() -> None:
    assert [gate["name"] for gate in merged([COVERAGE], [lint()])] == ["coverage", "lint"]


def test_an_inventory_tightens_by_name_and_keeps_the_rest() -> None:
    (gate,) = merged([COVERAGE], [{"name": "coverage", "objective": ">= 85"}])
    assert gate == {**COVERAGE, "objective": ">= 85"}


def test_an_inventory_says_another_remedy() -> None:
    (gate,) = merged([COVERAGE], [{**COVERAGE, "remedy": "Ask Jane."}])
    assert gate["remedy"] == "Ask Jane."


@pytest.mark.parametrize("objective", [">= 60", ">= 0", "<= 70", "== 0", "> 69"])
def test_loosening_is_refused_with_both_objectives(objective: str) -> None:
    with pytest.raises(DefinitionError, match=r"gate coverage .* loosens the objective from '>= 70' to '"):
        merged([COVERAGE], [{"name": "coverage", "objective": objective}])


@pytest.mark.parametrize("key", ["measure", "examined", "indicator", "criterion", "problems"])
def test_measuring_something_else_under_the_same_name_is_refused(key: str) -> None:
    with pytest.raises(DefinitionError, match=f"gate coverage .* changes {key}"):
        merged([COVERAGE], [{"name": "coverage", key: "`100`"}])


@pytest.mark.parametrize("extra", [{}, ["lint"], None])
def test_anything_but_a_list_of_gates_is_refused(extra: object) -> None:
    with pytest.raises(DefinitionError, match="environment_gates"):
        merged([COVERAGE], extra)


SLOW = lint(name="slow", objective="< 500 and <= +10%", warning="< 800", baseline={"results": 3}, valid_hours=24)


@pytest.mark.parametrize(
    "change",
    [
        {"objective": "< 400 and <= +5%"},
        {"objective": "< 500 and <= +10% and > 0"},
        {"objective": "== 0 and <= +10%"},
        {"warning": "< 700"},
        {"warning": "< 800 and <= +20%"},
        {"warning": "< 100 and <= +1%"},
        {"valid_hours": 1},
        {"baseline": {"results": 3, "aggregate": "avg"}},
        {"after": ["lint"], "weight": 2},
    ],
)
def test_stricter_by_every_way_that_can_be_proven(change: dict[str, Any]) -> None:
    assert merged([SLOW], [{"name": "slow", **change}]) == [{**SLOW, **change}]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"objective": "< 500"}, "loosens the objective from '< 500 and <= +10%' to '< 500'"),
        ({"objective": "<= +10%"}, "loosens the objective"),
        ({"objective": "< 500 and <= +11%"}, "loosens the objective"),
        ({"objective": "< 500 and <= +10"}, "loosens the objective"),
        ({"objective": "< 500 and < +10%"}, None),
        ({"warning": "< 801"}, "loosens the warning from '< 800' to '< 801'"),
        ({"warning": ">= 0"}, "loosens the warning"),
        ({"warning": "<= +20%"}, "loosens the warning"),
        ({"baseline": {"results": 50}}, "compares with another baseline: {'results': 50}; wanted: the same baseline"),
        ({"baseline": {"results": 3, "aggregate": "p95"}}, "compares with another baseline"),
        ({"valid_hours": 25}, "lets a pass be worth 25 hours; wanted: 24 hours or fewer"),
        ({"valid_hours": None}, "lets a pass be worth None hours"),
    ],
)
def test_whatever_cannot_be_proven_is_refused(change: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        assert merged([SLOW], [{"name": "slow", **change}])
        return
    with pytest.raises(DefinitionError) as raised:
        merged([SLOW], [{"name": "slow", **change}])
    assert sentence in str(raised.value)


def test_a_warning_where_there_was_none_loosens_unless_the_objective_admits_it_anyway() -> None:
    with pytest.raises(DefinitionError, match="loosens the warning from none to '>= 60'"):
        merged([COVERAGE], [{"name": "coverage", "warning": ">= 60"}])
    assert merged([COVERAGE], [{"name": "coverage", "objective": ">= 80", "warning": ">= 70"}])


def test_a_comparison_may_be_added_with_any_baseline() -> None:
    added = {"objective": ">= 70 and >= -1%", "baseline": {"results": 50, "aggregate": "p90"}}
    assert merged([COVERAGE], [{"name": "coverage", **added}]) == [{**COVERAGE, **added}]


def test_a_warning_that_only_compares_is_not_replaced_by_one_that_speaks_without_a_baseline() -> None:
    known = lint(name="slow", objective="< 5", warning="<= +20%")
    with pytest.raises(DefinitionError, match="loosens the warning"):
        merged([known], [{"name": "slow", "warning": "<= +10% and < 500"}])


PARTS = st.sampled_from(["< 5", "<= 5", "< 9", "<= +10%", "<= +5%", "< +5%", "<= +2", ">= 0", "== 3", ">= -5%"])
OBJECTIVES = st.lists(PARTS, min_size=1, max_size=2, unique=True).map(" and ".join)
BASELINES = st.sampled_from([None, 0.0, -2.0, 3.0, 5.0])


@given(OBJECTIVES, st.none() | OBJECTIVES, OBJECTIVES, st.none() | OBJECTIVES, BASELINES, st.integers(-3, 12))
def test_what_passes_a_merged_gate_passes_the_catalogue_s_own(
    was: str, warned: str | None, objective: str, warning: str | None, value: float | None, found: int
) -> None:
    old = lint(measure="found", examined="looked", objective=was, warning=warned)
    change = {"name": "lint", "objective": objective} | ({"warning": warning} if warning else {})
    try:
        (new,) = merged([old], [change])
    except DefinitionError:
        return
    measurement = Measurement(document={"found": found, "looked": 1})
    baseline = None if value is None else Baseline("avg", value, (("run", value),))
    before, now = (decide(check([gate], ONE, KNOWN)[0], measurement, baseline).verdict for gate in (old, new))
    assert now != "pass" or before == "pass"


def test_one_gate_twice_in_an_inventory_is_refused() -> None:
    twice = [{"name": "new", "objective": "== 0"}, {"name": "new", "objective": ">= 0"}]
    with pytest.raises(DefinitionError, match="environment_gates has the gate new twice"):
        merged([], twice)
