"""What the hosts of a fleet decide from each other's states: who returns, and what is said."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import fleet

NEW, OLD = "new", "old"


def state(outcome: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a host's state that served release 1 of the old artifact before."""
    result = {} if outcome is None else {"result": {"outcome": outcome, "current": 2}}
    return {"before": {"number": 1, "tree": OLD, "previous": None}, **result, **more}


LOST = {"lost": "no route", "problem": "it cannot be reached", "before": {"number": 1, "tree": OLD, "previous": None}}
FAILED = state("returned", problem="unhealthy")


@pytest.mark.parametrize(
    ("own", "options"),
    [
        (state("prepared"), ["--undo"]),
        (state("deployed", switched=True), ["--undo"]),
        (state("returned", switched=True, problem="unhealthy"), None),
        (state("removed", switched=True), None),
        (state("started"), None),
        (state(), None),
        (LOST, None),
    ],
)
def test_who_returns_when_another_failed(own: dict[str, Any], options: list[str] | None) -> None:
    assert fleet.way_back("one", {"one": own, "two": FAILED}, NEW) == options


def test_a_number_means_the_same_on_all_hosts() -> None:
    behind, ahead = {"before": {"last": 2}}, {"before": {"last": 5}}
    assert fleet.number_of("one", {"one": behind, "two": ahead}) == 6
    made = {**behind, "result": {"release": {"number": 7}}}
    assert fleet.number_of("two", {"one": made, "two": ahead}) == 7


def test_a_rollback_that_another_host_could_not_do_is_taken_back() -> None:
    rolled = state("returned", switched=True)
    assert fleet.way_back("one", {"one": rolled, "two": FAILED}, OLD) == ["--release", "1"]


def test_what_a_killed_run_had_moved_on_returns_with_the_others() -> None:
    moved = {"before": {"number": 2, "tree": NEW, "previous": 1}, "result": {"outcome": "unchanged", "current": 2}}
    assert fleet.way_back("one", {"one": moved, "two": FAILED}, NEW) == ["--undo", "--release", "2"]


@pytest.mark.parametrize("tree", [None, NEW])
def test_what_served_for_long_stays_when_a_new_or_equal_host_failed(tree: str | None) -> None:
    served = {"before": {"number": 2, "tree": NEW, "previous": 1}, "result": {"outcome": "unchanged", "current": 2}}
    other = {"before": {"number": None, "tree": tree, "previous": None}, "problem": "unhealthy"}
    assert fleet.way_back("one", {"one": served, "two": other}, NEW) is None


def test_a_host_whose_task_was_unreachable_is_lost() -> None:
    lost = fleet.state_of({"unreachable": True, "msg": "no route"}, {"before": {"number": 1}})
    assert (lost["lost"], lost["before"]) == ("no route", {"number": 1})
    assert fleet.state_of(None)["problem"] == "it cannot be reached"
    assert fleet.problems({"one": fleet.state_of({"before": {}, "changed": False})}) == {}


def test_it_says_per_host_what_serves() -> None:
    back = state("deployed", switched=True, returned={"current": 1})
    good, said = fleet.concluded({"one": back, "two": LOST}, "web 2", "staging")
    assert not good
    assert said == (
        "web 2 did not change on staging, two: it cannot be reached; "
        "one serves 1; two cannot be reached (1 served there)"
    )
    assert fleet.serving("one", {"problem": "it said nothing"}) == "what one serves is not known"
    assert fleet.concluded({"one": state("deployed"), "two": state("unchanged")}, "web 2", "staging") == (
        True,
        "web 2 is the same on all hosts of staging: one serves 2; two serves 2",
    )


def test_only_what_was_looked_at_and_found_right_everywhere_is_unchanged() -> None:
    same, other = {"result": {"outcome": "unchanged"}}, {"result": {"outcome": "deployed"}}
    assert fleet.is_unchanged({"a": same, "b": same})
    for states in ({"a": same, "b": other}, {"a": same, "b": {}}, {"a": same, "b": {**same, "problem": "lost"}}):
        assert not fleet.is_unchanged(states)
