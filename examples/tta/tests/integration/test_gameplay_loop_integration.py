"""A whole game, from the first scene to the last, with a save on the way."""

from __future__ import annotations

from src.components.gameplay_loop.loop import GameplayLoop
from src.components.gameplay_loop.models import Choice, Scene, Story


def test_a_saved_game_goes_on_where_it_was() -> None:
    story = Story(
        scenes={
            "door": Scene("door", "A door.", (Choice("open it", "garden"),)),
            "garden": Scene("garden", "A garden.", (Choice("sleep", "end"),)),
            "end": Scene("end", "Good night."),
        },
        begins_with="door",
    )
    played = GameplayLoop(story)
    played.choose(1)
    resumed = GameplayLoop(story)
    assert resumed.load(played.save()).name == "garden"
    resumed.choose(1)
    assert resumed.over
