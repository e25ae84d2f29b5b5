"""Where a rollback leads, or why it does not: decided from `status` and the ledger alone."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import barred, way_back
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.standing import standing

OPERATION: dict[str, Any] = {
    "component": "web",
    "target": "staging",
    "release": 0,
    "mode": "quick",
    "entry": {"kind": "stateless", "tests": {}},
    "environments": {"staging": {"hosts": ["one"]}},
}


def kept(number: int, outcome: str | None = "deployed", **changed: Any) -> dict[str, Any]:
    images = {"web": {"id": f"sha256:{number}"}}
    facts = {"commit": f"c{number}", "tree": f"t{number}", "images": images, "data_schema": None}
    return {"number": number, "outcome": outcome, **facts, **changed}


def here(**changed: Any) -> dict[str, Any]:
    facts = {
        "release": {"number": 8},
        "previous": 7,
        "since": "2026-11-20T10:00:00Z",
        "releases": [kept(5), kept(6, "failed"), kept(7), kept(8)],
        "strategy": "stop-first",
        "colours": None,
    }
    return {**facts, **changed}


def entry(seq: int, event: str, tree: str = "", release: int | None = None, **data: Any) -> dict[str, Any]:
    return {
        "seq": seq, "at": f"2026-11-{seq:02}T00:00:00Z", "event": event, "component": "web", "environment": "staging",
        "release": release, "artifact": {"tree": tree, "commit": "c"} if tree else None, "data": data, "run": f"r{seq}",
    }  # fmt: skip


def test_without_a_number_it_leads_to_the_release_before() -> None:
    found = way_back.find(OPERATION, here(), [entry(1, "deployed", "t7", 7)])
    assert (found.origin["number"], found.goal["number"], found.warm) == (8, 7, False)
    assert (found.since, found.served) == ("2026-11-20T10:00:00Z", "2026-11-01T00:00:00Z")
    assert (found.strategy, found.seconds, found.barred) == ("stop-first", None, None)


def test_any_kept_release_that_served_can_be_named() -> None:
    assert way_back.find({**OPERATION, "release": 5}, here(), []).goal["number"] == 5


def test_a_colour_that_still_has_the_release_is_warm() -> None:
    colours = {"live": "green", "blue": {"release": 7}, "green": {"release": 8}}
    found = way_back.find(OPERATION, here(strategy="blue-green", colours=colours), [])
    assert (found.warm, found.strategy) == (True, "blue-green")
    other = way_back.find({**OPERATION, "release": 5}, here(strategy="blue-green", colours=colours), [])
    assert (other.warm, other.strategy) == (False, "blue-green")


@pytest.mark.parametrize(
    ("asked", "facts", "sentence", "command"),
    [
        ({"release": 8}, {}, "release 8 of web is the current one of staging; wanted: one of 5, 7", "-e release=7"),
        ({"release": 3}, {}, "release 3 of web was pruned on staging; wanted: one of 5, 7", "-e release=7"),
        ({"release": 99}, {}, "release 99 of web is unknown on staging", "-e release=7"),
        ({"release": 6}, {}, "release 6 of web never served on staging", "-e release=7"),
        ({}, {"previous": None}, "web has no release before 8 on staging; wanted: one of 5, 7", "-e release=7"),
        ({}, {"previous": None, "releases": [kept(8)]}, "web has no release before 8", "deploy.yml -e component=web"),
        ({}, {"release": None}, "web was never deployed on staging", "status.yml"),
        ({}, {"problem": "current leads nowhere"}, "cannot be read: current leads nowhere", ""),
        ({"entry": {"services": [], "carried_by": "app"}}, {}, "web has no services .* app, which", "-e component=app"),
        ({"entry": {"services": []}}, {}, "web has no services of its own; wanted: a component that runs", "status"),
        ({"mode": "full"}, {}, "has no verified restore point with the data of release 7", "sudo tta-ops points web"),
        ({"entry": {"kind": "stateful"}}, {}, "releases 8 and 7 have different images", "-e release=7 -e mode=full"),
        (
            {},
            {"releases": [kept(7, data_schema=1), kept(8, data_schema=2)]},
            r"different data schemas \(2 and 1\)",
            "-e release=7 -e mode=full",
        ),
    ],
)
def test_what_leads_nowhere_says_why_and_what_to_type(
    asked: dict[str, Any], facts: dict[str, Any], sentence: str, command: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as refusal:
        way_back.find({**OPERATION, **asked}, here(**facts), [entry(1, "deployed", "t3", 3)])
    assert command in refusal.value.next_step
    assert "\n" not in str(refusal.value)


def test_data_with_the_same_image_can_return() -> None:
    images = {"web": {"id": "sha256:same"}}
    facts = here(releases=[kept(7, images=images), kept(8, images=images)])
    assert way_back.find({**OPERATION, "entry": {"kind": "stateful"}}, facts, []).goal["number"] == 7


def returned(seq: int, warm: bool, **seconds: float | None) -> dict[str, Any]:
    how = {"act": "rollback", "strategy": "blue-green", "warm": warm}
    return entry(seq, "returned", "t7", 7, receipt={"seconds": {"prepare": 9.0, **seconds}}, **how)


def test_expected_seconds_are_measured_like_with_like() -> None:
    book = [returned(1, True, verify=0.5, switch=0.5), returned(2, False, start=8.0), returned(3, True, switch=3.0)]
    assert way_back.expected(book, "blue-green", warm=True) == 2.0
    assert way_back.expected(book, "blue-green", warm=False) == 8.0
    assert way_back.expected(book, "stop-first", warm=False) is None
    failed = {**returned(4, True, switch=99.0), "data": {"act": "deploy", "strategy": "blue-green", "warm": True}}
    assert way_back.expected([failed], "blue-green", warm=True) is None


BOOK = [
    entry(1, "deployed", "t7", 7),
    entry(2, "promoted", "t7", 7),
    entry(3, "deployed", "t8", 8),
    entry(4, "promoted", "t8", 8),
]
GONE = entry(5, "returned", "t7", 7, **{"from": 8, "act": "rollback"})


def test_what_was_taken_back_is_barred_until_it_is_promoted_again() -> None:
    assert barred.by([*BOOK, GONE], "web", "t8") == GONE
    assert barred.by([*BOOK, GONE], "web", "t7") is None
    assert barred.by([*BOOK, GONE], "other", "t8") is None
    assert barred.by([*BOOK, GONE, entry(6, "promoted", "t8", 9)], "web", "t8") is None
    assert barred.since([*BOOK, GONE, entry(6, "promoted", "t8", 9)], "web", "t8") == GONE["at"]


def test_a_rejected_release_that_never_had_an_entry_of_its_own_is_barred_too() -> None:
    rejected = entry(5, "returned", "t8", 8, **{"from": 9, "act": "deploy", "rejected": True, "gone": {"tree": "t9"}})
    assert barred.by([*BOOK, rejected], "web", "t9") == rejected
    assert barred.by([*BOOK, rejected], "web", "t8") is None


def test_a_return_between_two_releases_of_one_artifact_bars_nothing() -> None:
    same = entry(5, "returned", "t8", 8, **{"from": 9, "gone": {"tree": "t8"}})
    assert barred.by([*BOOK, same], "web", "t8") is None


def test_a_promotion_stands_until_its_artifact_is_taken_back() -> None:
    assert barred.earned(BOOK, "web", "t7") == BOOK[1]  # a later one of another artifact takes nothing from it
    assert barred.earned([*BOOK, GONE], "web", "t8") is None
    assert barred.earned([*BOOK, GONE], "web", "t7") == BOOK[1]
    assert barred.earned([*BOOK, entry(5, "demoted", stage="development")], "web", "t7") is None
    assert barred.earned([*BOOK, entry(5, "removed", "t8", 8)], "web", "t8") is None
    assert barred.earned(BOOK, "web", "t0") is None


def asked(tree: str) -> dict[str, Any]:
    artifact = {"commit": "c0ffee", "tree": tree}
    more = {"verb": "deploy", "stage_wanted": "staging", "components": {"web": {}}, "artifact": artifact}
    return {**OPERATION, **more}


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [("t8", "was taken back on 2026-11-05T00:00:00Z and is barred"), ("t0", "has not earned staging")],
)
def test_deploy_refuses_what_has_not_earned_it(tree: str, sentence: str) -> None:
    book = {"valid": True, "entries": [*BOOK, GONE]}
    answers = {"s1": {"engine": True, "environments": {"staging": {"ledger": book}}}}
    with pytest.raises(Refusal, match=sentence) as refusal:
        standing(asked(tree), answers, {"staging": ["s1"]})
    assert refusal.value.next_step == "ansible-playbook promote-staging.yml -e component=web -e version=c0ffee"
    assert standing(asked("t7"), answers, {"staging": ["s1"]})["stages"] == {"web": "staging"}
