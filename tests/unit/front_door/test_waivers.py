"""Waivers are checked before anything is judged; in force they let through, expired they are only named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils import waivers
from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

GATES, COMPONENTS = ("lint", "types"), ("carbon", "redis")
GOOD = {
    "gate": "lint",
    "component": "carbon",
    "owner": "Jane",
    "reason": "ruff 0.14 is wrong here: no",
    "until": "2026-12-31",
}
EXAMPLE = Path(__file__).parents[3] / "inventories" / "waivers.yml"


def load(text: str) -> list[waivers.Waiver]:
    return waivers.load(text, "waivers.yml", GATES, COMPONENTS)


def listed(*entries: Any) -> str:
    return yaml.safe_dump({"waivers": list(entries)})


def verdict(gate: str = "lint", said: str = "fail") -> dict[str, Any]:
    return {"gate": gate, "criterion": "code-quality", "verdict": said, "waiver": None}


def test_a_complete_entry_is_a_waiver() -> None:
    (found,) = load(listed(GOOD))
    assert (found.gate, found.component, found.owner, found.until) == ("lint", "carbon", "Jane", date(2026, 12, 31))
    assert found.shown == {"owner": "Jane", "reason": GOOD["reason"], "until": "2026-12-31"}


def test_the_annotated_file_is_empty_and_its_example_is_a_waiver() -> None:
    text = EXAMPLE.read_text()
    assert load(text) == []
    example = "".join(line[1:] for line in text.splitlines(keepends=True) if line.startswith("#   "))
    (found,) = load(f"waivers:\n{example}")
    assert found.gate == "types"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "waivers.yml has no list of waivers"),
        ("waivers: {}", "waivers.yml has no list of waivers"),
        ("waivers: [", "waivers.yml is not valid YAML"),
        ("waivers: []\nwaiver: []", "waivers.yml has the unknown key waiver; wanted: only `waivers:`"),
        (listed("lint"), "waivers.yml, entry 1 is 'lint'; wanted: a mapping with gate, "),
        (listed({**GOOD, "gates": "x"}), "entry 1 has the unknown key gates; wanted: only gate, component"),
        (listed(GOOD, {**GOOD, "gate": "types", "reason": ""}), "entry 2 has no reason; wanted: all of gate,"),
        (listed({**GOOD, "reason": " "}), "entry 1, key reason, is ' '; wanted: one line of text"),
        (listed({**GOOD, "reason": "a\nb"}), "entry 1, key reason, is "),
        (listed({key: value for key, value in GOOD.items() if key != "owner"}), "entry 1 has no owner"),
        (listed({**GOOD, "owner": ["Jane"]}), "entry 1, key owner, is ['Jane']"),
        (listed({**GOOD, "gate": "lnt"}), "entry 1, key gate, is 'lnt'; wanted: one of lint, types"),
        (listed({**GOOD, "component": "carbn"}), "key component, is 'carbn'; wanted: one of carbon, redis"),
        (listed({**GOOD, "until": "2026-02-30"}), "key until, is '2026-02-30'; wanted: the last day, YYYY-MM-DD"),
        (listed({**GOOD, "until": "20261231"}), "key until, is '20261231'"),
        (listed({**GOOD, "until": "2026-12-31T00:00:00Z"}), "key until, is "),
        (listed({**GOOD, "until": "never"}), "key until, is 'never'"),
        (listed(GOOD, GOOD), "entry 2: lint of carbon is waived twice; wanted: one entry a gate and component"),
        ("waivers:\n- {gate: lint, component: carbon, owner: J, reason: x, until: 2026-13-01}", "key until, is"),
    ],
)
def test_what_is_no_waiver_is_refused_by_file_entry_and_key(text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        load(text)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(("today", "holds"), [(date(2026, 12, 31), True), (date(2027, 1, 1), False)])
def test_the_last_day_counts(today: date, holds: bool) -> None:
    (one,) = waivers.apply([verdict()], load(listed(GOOD)), "carbon", today)
    assert one["verdict"] == "fail"
    assert (one["waiver"] is not None) is holds
    assert one.get("waiver_expired") == (None if holds else load(listed(GOOD))[0].shown)


def test_only_the_gate_of_the_component_is_waived() -> None:
    known = load(listed(GOOD))
    today = date(2026, 1, 1)
    assert waivers.apply([verdict("types")], known, "carbon", today)[0]["waiver"] is None
    assert waivers.apply([verdict()], known, "redis", today)[0]["waiver"] is None


def test_what_an_earlier_run_said_about_waivers_is_forgotten() -> None:
    before = {**verdict(), "waiver": {"owner": "Eve"}, "waiver_expired": {"owner": "Eve"}}
    assert waivers.apply([before], [], "carbon", date(2026, 1, 1)) == [verdict()]


QUALITY = (criteria.Criterion("code-quality", "Code quality"),)


def test_a_waived_criterion_is_let_through_and_not_met() -> None:
    verdicts = waivers.apply([verdict(), verdict("types", "pass")], load(listed(GOOD)), "carbon", date(2026, 1, 1))
    assert criteria.met(QUALITY, verdicts) == (0, 1)
    assert criteria.waived(QUALITY[0], verdicts)
    assert criteria.promotable(QUALITY, verdicts)


def test_one_gate_without_a_waiver_keeps_the_criterion_closed() -> None:
    verdicts = waivers.apply(
        [verdict(), verdict("types", "inconclusive")], load(listed(GOOD)), "carbon", date(2026, 1, 1)
    )
    assert not criteria.waived(QUALITY[0], verdicts)
    assert not criteria.promotable(QUALITY, verdicts)


def test_a_waiver_that_nobody_needs_leaves_the_criterion_met() -> None:
    verdicts = waivers.apply([verdict(said="pass")], load(listed(GOOD)), "carbon", date(2026, 1, 1))
    assert criteria.met(QUALITY, verdicts) == (1, 1)
    assert not criteria.waived(QUALITY[0], verdicts)


def test_a_criterion_with_gates_left_out_is_not_judged_and_lets_nothing_through() -> None:
    partial = (criteria.Criterion("code-quality", "Code quality", left_out=("types",)),)
    assert criteria.verdict_of(partial[0], [verdict(said="pass")]) == "not judged"
    assert criteria.verdict_of(partial[0], []) == "not judged"
    assert criteria.verdict_of(partial[0], [verdict()]) == "fail"
    assert not criteria.promotable(partial, [verdict(said="pass")])
    waived = [{**verdict(), "waiver": {"owner": "Jane"}}]
    assert not criteria.promotable(partial, waived)
