"""The beginnings of gameplay_loop's tests: going on is tested; hints, saving and summaries are not."""

from __future__ import annotations

import pytest

from src.components.gameplay_loop.loop import GameplayLoop
from src.components.gameplay_loop.models import Choice, Scene, Story

STORY = Story(
    scenes={
        "door": Scene("door", "A door.", (Choice("open it", "garden"), Choice("walk on", "street"))),
        "garden": Scene("garden", "A garden."),
        "street": Scene("street", "A street.", (Choice("turn round", "door"),)),
    },
    begins_with="door",
)


def test_a_choice_leads_to_its_scene() -> None:
    loop = GameplayLoop(STORY)
    assert loop.choose(1).name == "garden"
    assert loop.over


def test_a_choice_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no choice 3: take one of 1 to 2"):
        GameplayLoop(STORY).choose(3)
