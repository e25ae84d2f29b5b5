"""The checks. Each takes a story and yields findings; `check` runs them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from src.components.gameplay_loop.models import Story


@dataclass(frozen=True)
class Finding:
    """Something that does not hold together, and the scene in which a player would notice."""

    scene: str
    problem: str


def check(story: Story) -> list[Finding]:
    """Return everything that does not hold together, in the order of the checks; empty when all is well."""
    broken = list(missing_scenes(story))
    if broken:  # the other checks walk through the story and would stumble over these
        return broken
    return [*unreachable_scenes(story), *contradictions(story)]


def missing_scenes(story: Story) -> Iterator[Finding]:
    """Choices, or the beginning, that lead to a scene which does not exist."""
    if story.begins_with not in story.scenes:
        yield Finding(story.begins_with, "the story begins with a scene that does not exist")
    for scene in story.scenes.values():
        for choice in scene.choices:
            if choice.leads_to not in story.scenes:
                yield Finding(
                    scene.name, f"{choice.text!r} leads to {choice.leads_to!r}, which does not exist"
                )


def unreachable_scenes(story: Story) -> Iterator[Finding]:
    """Scenes that no way leads to."""
    seen: set[str] = set()
    ahead = [story.begins_with]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(choice.leads_to for choice in story.scenes[name].choices)
    for name in story.scenes:
        if name not in seen:
            yield Finding(name, "no way leads to this scene")


def contradictions(story: Story) -> Iterator[Finding]:
    """Facts that a scene states otherwise than a scene on some way to it; each contradiction once."""
    told: set[Finding] = set()
    seen: set[tuple[str, tuple[tuple[str, str], ...]]] = set()
    ahead: list[tuple[str, dict[str, str]]] = [(story.begins_with, {})]
    while ahead:
        name, known = ahead.pop()
        scene = story.scenes[name]
        for fact, value in scene.facts.items():
            if known.get(fact, value) != value:
                finding = Finding(name, f"{fact} is {value!r} here, but was {known[fact]!r} before")
                if finding not in told:
                    told.add(finding)
                    yield finding
        known = {**known, **scene.facts}
        state = (name, tuple(sorted(known.items())))
        if state not in seen:  # a story may go round in circles
            seen.add(state)
            ahead.extend((choice.leads_to, known) for choice in scene.choices)
