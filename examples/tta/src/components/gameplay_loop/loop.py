"""One player's way through a story."""

from __future__ import annotations

import json
import os
import random
from itertools import pairwise
from typing import List, Optional

from src.components.gameplay_loop.models import Choice, Scene, Story


class GameplayLoop:
    """Keeps where the player is, and what was chosen on the way."""

    def __init__(self, story: Story) -> None:
        """Begin at the story's first scene."""
        self.story = story
        self.path: List[str] = [story.begins_with]

    @property
    def scene(self) -> Scene:
        """The scene that the player is in."""
        return self.story.scenes[self.path[-1]]

    @property
    def over(self) -> bool:
        """Whether nothing is left to choose."""
        return len(self.scene.choices) == 0

    def choose(self, number: int) -> Scene:
        """Take a choice by its number, counted from 1, and return the scene it leads to."""
        if not 1 <= number <= len(self.scene.choices):
            raise ValueError(f"there is no choice {number}: take one of 1 to {len(self.scene.choices)}")
        choice = self.scene.choices[number - 1]
        self.path.append(choice.leads_to)
        return self.scene

    def back(self) -> Scene:
        """Undo the last choice."""
        if len(self.path) == 1:
            return self.scene
        else:
            self.path.pop()
            return self.scene

    def hint(self, seed: Optional[int] = None) -> Choice:
        """Suggest a choice that leads to a scene not yet seen, if there is one."""
        l = [choice for choice in self.scene.choices if choice.leads_to not in self.path]
        candidates = l if l else list(self.scene.choices)
        return random.Random(seed).choice(candidates)

    def save(self) -> str:
        """Return the player's way as text that `load` understands."""
        return json.dumps({"story": self.story.begins_with, "path": self.path})

    def load(self, text: str) -> Scene:
        """Go where a saved way led; a way that does not fit the story is refused."""
        saved = json.loads(text)
        if saved["story"] != self.story.begins_with:
            raise ValueError("this was saved in another story")
        path = saved["path"]
        for name in path:
            if name not in self.story.scenes:
                raise ValueError(f"the story has no scene {name!r} any more")
        for here, there in pairwise(path):
            if there not in [choice.leads_to for choice in self.story.scenes[here].choices]:
                raise ValueError(f"no choice leads from {here!r} to {there!r} any more")
        self.path = path
        return self.scene

    def summary(self) -> str:
        """Tell the way so far in one line a scene."""
        lines = []
        for number, name in enumerate(self.path):
            scene = self.story.scenes[name]
            if number == 0:
                lines.append(f"It began: {scene.text}")
            elif scene.choices:
                lines.append(f"Then: {scene.text}")
            else:
                lines.append(f"In the end: {scene.text}")
        return "\n".join(lines)
