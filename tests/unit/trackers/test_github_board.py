"""The card of an issue: its column by a word, its fields by their types, missing ones made."""

from __future__ import annotations

from typing import Any

import pytest
from standin import Standin
from standin.bench import Beside, document, sent

FIELDS = {
    "Current Stage": "Staging",
    "Test Coverage": 76.1,
    "Promotion Blocker Count": 0,
    "Last Updated": "2026-11-20",
    "Owner": "theinterneti",
    "Dependencies": ["redis (Production)", "neo4j (Production)"],
}


def placed(standin: Standin, beside: Beside, column: str | None = "Staging", **fields: Any) -> list[str]:
    return sent([document(board={"column": column, "fields": fields})], beside, standin, project=5).problems


def test_a_card_shows_everything(standin: Standin, beside: Beside) -> None:
    assert placed(standin, beside, **FIELDS) == []
    assert standin.projects.card("I_1") == {
        **FIELDS,
        "Dependencies": "redis (Production), neo4j (Production)",
        "Status": "🧪 Staging",
    }
    types = {each["name"]: each["dataType"] for each in standin.projects.fields}
    assert (types["Test Coverage"], types["Last Updated"], types["Owner"]) == ("NUMBER", "DATE", "TEXT")


def test_a_card_moves_and_is_emptied(standin: Standin, beside: Beside) -> None:
    placed(standin, beside, Owner="jane", Blockers=2)
    made = len(standin.projects.fields)
    placed(standin, beside, "Production", Owner=None, Blockers="3", Unknown=None)
    assert standin.projects.card("I_1") == {"Blockers": 3.0, "Status": "🚀 Production"}
    assert (len(standin.projects.items), len(standin.projects.fields)) == (1, made)


def test_a_field_with_options_gets_one_of_them(standin: Standin, beside: Beside) -> None:
    field = {"__typename": "ProjectV2SingleSelectField", "id": "F", "name": "priority", "dataType": "SINGLE_SELECT"}
    standin.projects.fields.append({**field, "options": [{"id": "1", "name": "P0"}, {"id": "2", "name": "P1 high"}]})
    placed(standin, beside, None, Priority="high")
    assert standin.projects.card("I_1") == {"priority": "P1 high"}
    assert "priority has no option P9; it has P0, P1 high" in placed(standin, beside, None, Priority="P9")[0]


@pytest.mark.parametrize("value", ["n/a", "nan", "inf"])
def test_what_is_no_number_empties_a_number(standin: Standin, beside: Beside, value: str) -> None:
    placed(standin, beside, Coverage=1)
    assert placed(standin, beside, Coverage=value) == []
    assert "Coverage" not in standin.projects.card("I_1")


def test_without_a_project_there_is_no_board(standin: Standin, beside: Beside) -> None:
    sent([document(board={"column": "Staging", "fields": FIELDS})], beside, standin)
    assert "/graphql" not in [path for _, path, _ in standin.calls]


def test_a_component_has_one_card(standin: Standin, beside: Beside) -> None:
    board = {"column": "Staging", "fields": {}}
    other = document(key="promotion/redis/staging/abc", labels=["component:carbon"], board=board)
    later = document(key="promotion/carbon/production/0123456789ab", board={**board, "column": "Production"})
    assert sent([document(board=board), other, later], beside, standin, project=5).problems == []
    assert standin.projects.archived == {standin.projects.items["I_1"]}
    assert standin.projects.card("I_3") == {"Status": "🚀 Production"}
    sent([document(board={"column": "Development", "fields": {}})], beside, standin, project=5)
    assert standin.projects.card("I_1") == {"Status": "🧪 Staging"}
