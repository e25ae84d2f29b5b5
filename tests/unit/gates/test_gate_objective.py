from __future__ import annotations

import itertools
import math

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import objective
from ansible_collections.tta.ops.plugins.plugin_utils.gates.comparison import (
    COMPARATORS,
    KINDS,
    Comparison,
    NotComparable,
)
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
        ("= 3", 3, 2),
        ("> 1 and <= 3", 3, 1),
    ],
)
def test_an_objective_is_a_comparison(text: str, reaches: float, misses: float) -> None:
    parsed = objective.parse(text, "here")
    assert parsed.reached(reaches)
    assert not parsed.reached(misses)


NONSENSE = "|70|=> 70|>= |>= 7O|>= nan|>= inf|!= 0|>= 1e9|>= 70; == 0|>= 70 and|and|>= 1 or < 3|>= 1and < 3|>= +-1"


@pytest.mark.parametrize("text", [*NONSENSE.split("|"), " and ".join([">= 1"] * 9), 70, None, True])
def test_anything_else_is_refused_and_says_what_is_allowed(text: object) -> None:
    with pytest.raises(DefinitionError, match=r"gate x, key objective, is .*; wanted: a comparison"):
        objective.parse(text, "gate x, key objective,")


@pytest.mark.parametrize("text", ["<= 10%", ">= 70 %", "< 3 and <= 10%"])
def test_a_percent_without_a_sign_could_mean_two_things_and_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match=r"key objective, is .*; wanted: a sign before the percent"):
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


NUMBERS = (-5.0, -1.0, 0.0, 0.5, 1.0, 5.0)
BASELINES = (None, -3.0, 0.0, 2.0, 1e300)


def reached(part: Comparison, number: float, baseline: float | None) -> bool:
    try:
        return part.reached(number, baseline)
    except NotComparable:
        return False


def bound(part: Comparison, baseline: float | None) -> float:
    try:
        return part.bound(baseline) or 0.0
    except NotComparable:
        return 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_stricter_never_admits_what_the_other_refuses(kind: str) -> None:
    parts = [Comparison(word, number, kind) for word in COMPARATORS for number in NUMBERS]
    proven = [(strict, other) for strict in parts for other in parts if strict.implies(other)]
    assert len(proven) > len(parts)
    for (strict, other), baseline in itertools.product(proven, BASELINES):
        for number in (bound(part, baseline) + step for part in (strict, other) for step in (-0.25, 0, 0.25)):
            assert not reached(strict, number, baseline) or reached(other, number, baseline), (strict, other, baseline)


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
