from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.gates.merge import merged
from definitions import lint

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
