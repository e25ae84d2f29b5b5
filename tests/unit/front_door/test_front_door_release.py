"""What is typed for a rollback: a number, a mode, and the whole command when one of it is missing."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.front_door import checked
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

NEEDS = {"component": "the component", "target": "the environment"}


@pytest.mark.parametrize("typed", ["12", 12])
def test_a_release_is_a_number(typed: Any) -> None:
    given = {"component": "web", "target": "staging", "release": typed, "mode": "quick"}
    assert checked(given, NEEDS, ["web"])["release"] == 12


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "x", "", "１２", "1;id", "9" * 10, True, None, [7], "{{ 7 }}"])
def test_anything_else_is_none(typed: Any) -> None:
    with pytest.raises(Refusal, match="is no release's number; wanted: the number of a kept release") as refusal:
        checked({"component": "web", "target": "staging", "release": typed}, NEEDS, ["web"])
    assert refusal.value.next_step == "-e component=web -e target=staging -e release=7"


def test_an_unknown_mode_is_answered_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match="mode='fast' is unknown; wanted: one of quick, full"):
        checked({"component": "web", "target": "staging", "mode": "fast"}, NEEDS, ["web"])


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ({"component": "web"}, "-e component=web -e target=staging"),
        ({"target": "production"}, "-e component=web -e target=production"),
        ({}, "-e component=web -e target=staging"),
    ],
)
def test_what_is_missing_is_answered_with_the_whole_command(given: dict[str, str], command: str) -> None:
    with pytest.raises(Refusal, match="is missing") as refusal:
        checked(given, NEEDS, ["web"])
    assert refusal.value.next_step == command
