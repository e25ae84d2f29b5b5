from __future__ import annotations

import math

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import objective
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from hypothesis import example, given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "reaches", "misses"),
    [
        ("== 0", 0, 1),
        (">= 70", 70, 69.99),
        ("> 70", 70.01, 70),
        ("<= 3", 3, 3.5),
        ("< 500", 499.9, 500),
        ("<-1.5", -2, -1.5),
    ],
)
def test_an_objective_is_a_comparison(text: str, reaches: float, misses: float) -> None:
    parsed = objective.parse(text, "here")
    assert parsed.reached(reaches)
    assert not parsed.reached(misses)


@pytest.mark.parametrize(
    "text",
    ["", "70", "=> 70", ">= ", ">= 7O", ">= 70 %", ">= nan", ">= inf", "!= 0", ">= 1e9", ">= 70; == 0", 70, None, True],
)
def test_anything_else_is_refused_and_says_what_is_allowed(text: object) -> None:
    with pytest.raises(DefinitionError, match=r"gate x, key objective, is .*; wanted: a comparison"):
        objective.parse(text, "gate x, key objective,")


@pytest.mark.parametrize("number", [None, "0", True, False, math.nan, math.inf, [], {}])
def test_only_a_finite_number_can_reach_anything(number: object) -> None:
    with pytest.raises(ValueError, match="no finite number"):
        objective.parse("== 0", "here").reached(number)  # type: ignore[arg-type]


@given(st.text())
@example("≥ 70")
@example("== ٣")
def test_no_text_crashes_the_grammar(text: str) -> None:
    try:
        parsed = objective.parse(text, "here")
    except DefinitionError:
        return
    assert objective.parse(parsed.text, "here") == parsed


OBJECTIVES = st.builds(
    objective.Objective, st.sampled_from(["==", ">=", "<=", ">", "<"]), st.integers(-5, 5).map(float)
)


@given(OBJECTIVES, OBJECTIVES, st.integers(-12, 12).map(lambda halves: halves / 2))
def test_stricter_never_admits_what_the_other_refuses(
    strict: objective.Objective, other: objective.Objective, number: float
) -> None:
    if strict.admits_no_more_than(other) and strict.reached(number):
        assert other.reached(number)


def test_stricter_and_looser() -> None:
    def at_least(one: str, other: str) -> bool:
        return objective.parse(one, "").admits_no_more_than(objective.parse(other, ""))

    assert at_least(">= 80", ">= 70")
    assert at_least(">= 70", ">= 70")
    assert at_least("> 70", ">= 70")
    assert at_least("== 0", "<= 3")
    assert not at_least(">= 60", ">= 70")
    assert not at_least(">= 70", "> 70")
    assert not at_least("<= 90", ">= 70")
    assert not at_least(">= 0", "== 0")


def test_in_words() -> None:
    assert objective.parse(">= 70", "").in_words("%") == "at least 70 %"
    assert objective.parse("== 0", "").in_words("findings") == "0 findings"
