"""A tail that was removed from a ledger is missed by the other one, and every preflight says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.ledger import Ledger
from ansible_collections.tta.ops.plugins.plugin_utils.anchors import heads, missing
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.standing import standing

HOSTS = {"staging": ["staging-1"], "production": ["production-1"]}
Books = dict[str, list[dict[str, Any]]]


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Two ledgers after a promotion to staging: `promoted` anchors production, `anchored` there anchors staging."""
    staging, production = (Ledger(tmp_path / name / "ledger.jsonl", name) for name in ("staging", "production"))
    production.append("genesis", component="redis", run="run-1", data={"stage": "production"})
    staging.append("deployed", component="carbon", run="run-2", release=1)
    head = heads({"production": list(production.read().entries)})
    staging.append("promoted", component="carbon", run="run-2", data={"stage": "staging", "anchors": head})
    production.append("anchored", run="run-2", data={"anchors": heads({"staging": list(staging.read().entries)})})
    return {"staging": list(staging.read().entries), "production": list(production.read().entries)}


def stand(books: Books, verb: str = "promote-staging", silent: str = "") -> dict[str, Any]:
    operation = {
        "verb": verb,
        "target": "staging",
        "stage_wanted": "staging",
        "component": "carbon",
        "components": {"carbon": {}, "redis": {}},
        "artifact": {"tree": "t1"},
        "environments": {"staging": {"state": "/var/lib/tta-ops"}},
    }
    answers: dict[str, Any] = {
        f"{name}-1": {"engine": True, "environments": {name: {"ledger": {"valid": True, "entries": entries}}}}
        for name, entries in books.items()
    }
    return standing(operation, {**answers, **({silent: None} if silent else {})}, HOSTS)


def test_whole_ledgers_stand_and_tell_their_heads(books: Books) -> None:
    found = stand(books)
    assert found["damage"] == []
    assert found["heads"] == {name: {"seq": 2, "hash": own[-1]["hash"]} for name, own in books.items()}


def test_ledgers_may_grow(books: Books, tmp_path: Path) -> None:
    Ledger(tmp_path / "staging" / "ledger.jsonl", "staging").append("returned", component="carbon", run="run-3")
    books["staging"] = list(Ledger(tmp_path / "staging" / "ledger.jsonl", "staging").read().entries)
    assert stand(books)["damage"] == []


@pytest.mark.parametrize("left", [0, 1])
def test_a_removed_tail_is_refused_by_every_preflight(books: Books, left: int) -> None:
    books["staging"] = books["staging"][:left]
    with pytest.raises(Refusal) as refusal:
        stand(books)
    lost = "entry 2 is missing" if left else "entries 1 to 2 are missing"
    said = f"the ledger of staging is too short: {lost}, which entry 2 of the ledger of production remembers"
    assert refusal.value.found == said
    assert "/var/lib/tta-ops/staging/ledger.jsonl" in refusal.value.next_step


def test_a_whole_ledger_that_was_lost_is_missed(books: Books) -> None:
    with pytest.raises(Refusal, match="the ledger of production is too short: entry 1 is missing"):
        stand({**books, "production": []})


def test_a_ledger_that_was_written_anew_is_another_one(books: Books, tmp_path: Path) -> None:
    forged = Ledger(tmp_path / "forged" / "ledger.jsonl", "staging")
    for number in (1, 2, 3):
        forged.append("deployed", component="carbon", run=f"run-{number}")
    with pytest.raises(Refusal, match="another one: its entry 2 is not what entry 2 of the ledger of production"):
        stand({**books, "staging": list(forged.read().entries)})


def test_whoever_looks_for_damage_is_told_and_not_stopped(books: Books) -> None:
    books["staging"].pop()
    assert "entry 2 is missing" in stand(books, verb="verify-evidence")["damage"][0]


def test_a_silent_ledger_is_not_taken_for_a_short_one(books: Books) -> None:
    assert missing({"staging": books["staging"]}) == []
    assert stand(books, silent="production-1")["damage"] == []
