"""How many users, how many more a second, for how long: what the operator types."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import front_door
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal


def test_what_is_typed_arrives_as_numbers() -> None:
    typed = {"component": "web", "users": "20", "rate": 5, "seconds": "60"}
    answers = front_door.checked(typed, {"component": "a component"}, ["web"], "load-test")
    assert answers == {"component": "web", "users": 20, "rate": 5, "seconds": 60}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("users", "0"),
        ("users", "-1"),
        ("users", "1e3"),
        ("users", True),
        ("rate", "1001"),
        ("seconds", "99999"),
        ("seconds", "5m"),
    ],
)
def test_what_is_no_such_number_is_refused_with_an_example(key: str, value: object) -> None:
    with pytest.raises(Refusal, match=f"{key}=.* is no number of {key}") as refusal:
        front_door.checked({key: value}, {}, ["web"], "load-test")
    assert refusal.value.next_step == f"-e {key}={front_door.LOAD[key]}"
