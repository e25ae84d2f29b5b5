"""How two releases differ is told without a value of the environment."""

from __future__ import annotations

import json

from ansible_collections.tta.ops.plugins.module_utils.host import differences
from ansible_collections.tta.ops.plugins.module_utils.host.environment import masked


def test_variables_are_named_and_their_values_are_not() -> None:
    found = differences.keys({"A": "old", "B": "same", "C": "x"}, {"A": "new", "B": "same", "D": "y"})
    assert found == {"added": ["D"], "removed": ["C"], "changed": ["A"]}


def test_files_that_only_one_has_differ() -> None:
    assert differences.files({"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}) == ["b", "c"]


def document(password: str, **service: object) -> dict[str, object]:
    environment = {"PASSWORD": password, "MODE": "fast"}
    return {"services": {"web": {"image": "sha256:1", "environment": environment, **service}}}


def test_documents_are_compared_place_by_place() -> None:
    old = document("secret-one", command=["serve", "--key=secret-one"], restart="no")
    new = document("secret-two", command=["serve", "--key=secret-two", "--fast"], stop_grace_period="5s")
    new["services"]["web"]["image"] = "sha256:2"  # type: ignore[index]
    new["services"]["web"]["environment"]["MODE"] = "slow"  # type: ignore[index]
    found = differences.documents(
        masked(old, {"PASSWORD": "secret-one"}), masked(new, {"PASSWORD": "secret-two", "OTHER": "5s"})
    )
    assert found == [
        "services.web.command[2]: --fast added",
        "services.web.environment.MODE: changed",
        "services.web.restart: no removed",
        "services.web.stop_grace_period: <OTHER> added",
    ]
    assert "secret" not in json.dumps(found)


def test_the_same_has_no_differences() -> None:
    assert differences.documents(document("x"), document("x")) == []
