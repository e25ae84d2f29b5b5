"""Each check of narrative_coherence, on the smallest story that shows it."""

from __future__ import annotations

from src.components.gameplay_loop.models import Choice, Scene, Story
from src.components.narrative_coherence import Finding, check


def story(*scenes: Scene) -> Story:
    return Story({scene.name: scene for scene in scenes}, begins_with="start")


def test_a_story_that_holds_together_has_no_findings() -> None:
    assert (
        check(
            story(
                Scene("start", "A lamp.", (Choice("go", "end"),), {"lamp": "lit"}),
                Scene("end", "Still bright.", facts={"lamp": "lit"}),
            )
        )
        == []
    )


def test_a_beginning_that_does_not_exist_is_found() -> None:
    assert check(Story({}, "start")) == [
        Finding("start", "the story begins with a scene that does not exist")
    ]


def test_a_choice_into_nothing_is_found_and_ends_the_checks() -> None:
    findings = check(story(Scene("start", "", (Choice("jump", "void"),)), Scene("lost", "")))
    assert findings == [Finding("start", "'jump' leads to 'void', which does not exist")]


def test_a_scene_that_no_way_leads_to_is_found() -> None:
    assert check(story(Scene("start", ""), Scene("lost", ""))) == [
        Finding("lost", "no way leads to this scene")
    ]


def test_a_contradiction_is_found_once_however_many_ways_lead_to_it() -> None:
    findings = check(
        story(
            Scene("start", "", (Choice("left", "left"), Choice("right", "right")), {"lamp": "lit"}),
            Scene("left", "", (Choice("on", "end"),)),
            Scene("right", "", (Choice("on", "end"),)),
            Scene("end", "", facts={"lamp": "broken"}),
        )
    )
    assert findings == [Finding("end", "lamp is 'broken' here, but was 'lit' before")]


def test_a_story_that_goes_round_in_circles_comes_to_an_end() -> None:
    circle = story(
        Scene("start", "", (Choice("on", "middle"),)), Scene("middle", "", (Choice("back", "start"),))
    )
    assert check(circle) == []
