"""Garbage in definitions: one sentence about the place, never a crash, and never a gate that lets through by it."""

from __future__ import annotations

import math
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils.gates import baseline, definition, merge, objective
from ansible_collections.tta.ops.plugins.plugin_utils.gates.comparison import COMPARATORS
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from definitions import ONE, lint
from hypothesis import example, given
from hypothesis import strategies as st

GARBAGE: Any = st.recursive(
    st.sampled_from([None, True, False, 0, -1, 10**400, 0.5, math.nan, math.inf, "", "x", "lint", "{files}", "\n"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "x", ""]), inner, max_size=2),
    max_leaves=4,
)
INDICATORS = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(KNOWN))},
    optional={key: GARBAGE for kind in KNOWN.values() for key in kind.keys},
)
SIGNS = ["=", "+", "-", "%", "0", "7", ".", "1.5", "e", "٣", " and ", " ", "\n"]
PIECES = st.lists(st.sampled_from([*COMPARATORS, *SIGNS]))
RESULTS = st.lists(st.tuples(st.just("run"), GARBAGE | st.integers(-9, 9)), max_size=5)


@given(st.text() | PIECES.map("".join))
@example("≥ 70")
@example("== ٣")
@example("<= +10%\n")
def test_whatever_the_grammar_takes_it_writes_again(text: str) -> None:
    try:
        parsed = objective.parse(text, "gate x, key objective,")
    except DefinitionError as error:
        assert "gate x, key objective, is " in str(error) and "wanted: " in str(error)
        return
    assert objective.parse(parsed.text, "here") == parsed
    assert parsed.in_words("ms", 3.0)


@given(GARBAGE, GARBAGE)
def test_garbage_in_the_place_of_definitions(catalogue: Any, extra: Any) -> None:
    for definitions in (catalogue, [catalogue], [lint(), catalogue]):
        try:
            definition.check(definitions, ONE, KNOWN)
            raise AssertionError(f"{definitions!r} was taken")
        except DefinitionError as error:
            assert "\n" not in str(error)
    try:
        merge.merged([lint()], extra)
    except DefinitionError as error:
        assert "environment_gates" in str(error)


@given(st.sampled_from(definition.KEYS), GARBAGE)
def test_garbage_in_the_place_of_one_key(key: str, value: Any) -> None:
    for taken in (lambda gate: definition.check([gate], ONE, KNOWN), lambda gate: merge.merged([lint()], [gate])):
        try:
            taken({**lint(), key: value})
        except DefinitionError as error:
            assert "gate" in str(error) and "\n" not in str(error)


@given(INDICATORS)
def test_garbage_in_the_parameters_of_any_indicator(indicator: dict[str, Any]) -> None:
    try:
        definition.check([lint(indicator=indicator)], ONE, KNOWN)
    except DefinitionError as error:
        assert "gate lint, key indicator" in str(error)


@given(RESULTS, st.sampled_from(sorted(baseline.AGGREGATES)))
def test_results_that_are_no_numbers_make_no_baseline(results: Any, aggregate: str) -> None:
    made = baseline.of(results, baseline.How(3, aggregate))
    numbers = [found for _, found in made.results]
    assert len(numbers) <= 3
    if made.value is None:
        assert not numbers
    else:
        assert min(numbers) <= made.value <= max(numbers)
