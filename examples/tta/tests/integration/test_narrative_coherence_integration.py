"""narrative_coherence on a story that gameplay_loop can play."""

from __future__ import annotations

from src.components.gameplay_loop.loop import GameplayLoop
from src.components.gameplay_loop.models import Choice, Scene, Story
from src.components.narrative_coherence import check


def test_what_is_coherent_can_be_played_to_its_end() -> None:
    story = Story(
        scenes={
            "door": Scene("door", "A door.", (Choice("open it", "garden"),), {"weather": "rain"}),
            "garden": Scene("garden", "A wet garden.", facts={"weather": "rain"}),
        },
        begins_with="door",
    )
    assert check(story) == []
    loop = GameplayLoop(story)
    loop.choose(1)
    assert loop.over
