from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates import definition
from ansible_collections.tta.ops.plugins.plugin_utils.gates.criteria import Criterion
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from definitions import ONE, ROOT, STAGING, catalogue, checked, lint


def test_the_role_s_own_catalogue_is_right() -> None:
    gates = definition.check(catalogue(), STAGING, KNOWN)
    assert {gate.criterion for gate in gates} == {criterion.name for criterion in STAGING}


def test_a_new_gate_is_data_and_nothing_else() -> None:
    gate = checked()
    assert (gate.name, gate.objective.text, gate.seconds) == ("lint", "== 0", definition.DEFAULT_SECONDS)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": None}, "gate number 1 has no name"),
        ({"criterion": "beauty"}, "gate lint, key criterion, is 'beauty'; wanted: one of code-quality"),
        ({"indicator": {"type": "shell"}}, "key indicator.type, is 'shell'; wanted: one of approval, blockers"),
        ({"indicator": "ruff"}, "key indicator, is 'ruff'; wanted: a mapping"),
        ({"indicator": {"type": "command", "steps": [["ruff"]], "shell": True}}, "has the unknown key shell"),
        ({"indicator": {"type": "command", "steps": "ruff check ."}}, "wanted: a list of steps"),
        ({"indicator": {"type": "command", "steps": [["ruff", "{everything}"]]}}, "unknown token {everything}"),
        ({"indicator": {"type": "command", "steps": [["ruff", "--in={files}"]]}}, "as an argument of its own"),
        ({"indicator": {"type": "command", "steps": [["x"]], "clean": ["0"]}}, "clean is ['0']; wanted: a list of int"),
        (
            {"indicator": {"type": "command", "steps": [["x"]], "runner": "sudo"}},
            "runner is 'sudo'; wanted: one of run, tool",
        ),
        (
            {"indicator": {"type": "command", "steps": [["x"]], "parse": {"pattern": "("}}},
            "wanted: a regular expression",
        ),
        (
            {"indicator": {"type": "command", "steps": [["x"]], "parse": {"pattern": "x"}}},
            "regular expression with a group",
        ),
        ({"indicator": {"type": "command", "steps": [["x"]], "output_bytes": 0}}, "output_bytes is 0"),
        ({"indicator": {"type": "document", "file": "x", "section": "["}}, "section is '['"),
        ({"indicator": {"type": "document", "file": "x", "section": ""}}, "section is empty"),
        ({"indicator": {"type": "tests", "kind": "manual"}}, "kind is 'manual'; wanted: unit or integration"),
        ({"measure": "length("}, "key measure, is 'length('"),
        ({"measure": 3}, "key measure, is 3"),
        ({"examined": None}, "gate lint has no examined"),
        ({"objective": "good"}, "key objective, is 'good'; wanted: a comparison with a number"),
        ({"objectve": "== 0"}, "unknown key objectve"),
        ({"seconds": 0}, "key seconds, is 0; wanted: a whole number from 1 to 3600"),
        ({"seconds": True}, "key seconds, is True; wanted: a whole number"),
        ({"attested": "yes"}, "key attested, is 'yes'; wanted: true or false"),
        ({"by_hand": ["ruff", "{nothing}"]}, "unknown token {nothing}"),
        ({"remedy": ""}, "gate lint has no remedy"),
        ({"remedy": ["Mend", "it"]}, "key remedy, is ['Mend', 'it']; wanted: text"),
        ({"name": "../lint"}, "gate number 1, key name, is '../lint'; wanted: a letter, then letters, digits, - and _"),
        ({"name": "a,b"}, "key name, is 'a,b'"),
        ({"warning": "good"}, "gate lint, key warning, is 'good'; wanted: a comparison with a number"),
        ({"baseline": {}}, "key baseline, has nothing that is compared with it; wanted: a baseline only beside"),
        ({"objective": "<= +1", "baseline": {"results": 51}}, "key baseline.results, is 51; wanted: 1 to 50"),
        ({"objective": "<= +1", "baseline": {"results": True}}, "key baseline.results, is True; wanted: 1 to 50"),
        ({"objective": "<= +1", "baseline": {"aggregate": "max"}}, "is 'max'; wanted: one of avg, p50, p90, p95"),
        ({"objective": "<= +1", "baseline": {"last": 3}}, "wanted: a mapping of `results` (1 to 50) and `aggregate`"),
        ({"objective": "<= +1", "baseline": 3}, "key baseline, is 3; wanted: a mapping"),
        ({"after": "types"}, "key after, is 'types'; wanted: a list of names of gates"),
        ({"after": ["types"]}, "gate lint, key after, names 'types', which is no gate; wanted: one of "),
        ({"after": ["lint"]}, "gate lint, key after, runs in a circle: lint after lint"),
        ({"weight": 65}, "key weight, is 65; wanted: a whole number from 1 to 64"),
        ({"valid_hours": 0}, "key valid_hours, is 0; wanted: a whole number from 1 to "),
    ],
)
def test_what_cannot_be_right_is_one_sentence_with_the_place(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        checked(**change)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value)


def test_two_gates_of_one_name() -> None:
    with pytest.raises(DefinitionError, match="gate lint is defined 2 times; wanted: one gate of each name"):
        definition.check([lint(), lint()], ONE, KNOWN)


def test_a_circle_is_named_all_the_way_round() -> None:
    gates = [lint(name="a", after=["c"]), lint(name="b", after=["a"]), lint(name="c", after=["b"]), lint()]
    with pytest.raises(DefinitionError, match=r"gate \w, key after, runs in a circle: ") as raised:
        definition.check(gates, ONE, KNOWN)
    assert any(way in str(raised.value) for way in ("a after c after b after a", "b after a after c after b"))
    assert "lint" not in str(raised.value)


def test_a_criterion_without_gates() -> None:
    with pytest.raises(DefinitionError, match="criterion core-features has no gate"):
        definition.check([lint()], STAGING, KNOWN)


@pytest.mark.parametrize("nothing", [[], None, {}, "gates", [3]])
def test_no_gates_at_all(nothing: Any) -> None:
    with pytest.raises(DefinitionError):
        definition.check(nothing, ONE, KNOWN)


def test_the_hash_is_of_the_content_not_of_its_order() -> None:
    gate = lint()
    assert definition.digest(gate) == definition.digest(dict(reversed(gate.items())))
    assert definition.digest(gate) != definition.digest({**gate, "objective": "<= 1"})


def test_the_grammar_s_page_has_every_key_and_its_example_is_right() -> None:
    page = (ROOT / "docs/gates/grammar.md").read_text()
    keys, described = page.partition("## Keys")[2].partition("## Objectives")[0], set()
    for line in keys.splitlines():
        if line.startswith("| `"):
            described |= {word.strip("`") for word in line.split("|")[1].strip().split(", ")}
    assert described == set(definition.KEYS)
    example = yaml.safe_load(page.partition("```yaml")[2].partition("```")[0])
    performance = (Criterion("performance", "Performance"),)
    others = [lint(name="unit-tests", criterion="performance")]
    assert definition.check([*others, *example], performance, KNOWN)[1].is_relative
