"""What a story is made of. Other components read these models too."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """Something the player can do, and the scene it leads to."""

    text: str
    leads_to: str


@dataclass(frozen=True)
class Scene:
    """A moment of the story. `facts` are the things that are true from here on, by name."""

    name: str
    text: str
    choices: tuple[Choice, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """Scenes by name, and the one that it begins with."""

    scenes: dict[str, Scene]
    begins_with: str
