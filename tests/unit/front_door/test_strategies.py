"""What the catalogue and group_vars say about changing a component while it serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, hooks, strategies
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

EXAMPLE = Path(__file__).resolve().parents[3] / "inventories" / "catalogue.yml"


def loaded(**entry: Any) -> dict[str, Any]:
    text = yaml.safe_dump({"components": {"carbon": {"paths": ["src/carbon"], **entry}}})
    return dict(catalogue.load(text, "catalogue.yml")["components"]["carbon"])


def test_blue_green_is_a_strategy_with_the_settings_that_were_given() -> None:
    found = loaded(strategy="blue-green", blue_green={"warm": 60, "http": [9090]})
    assert (found["strategy"], found["blue_green"]) == ("blue-green", {"warm": 60, "http": [9090]})
    assert loaded()["blue_green"] == {}


def test_the_annotated_example_shows_the_settings() -> None:
    example = catalogue.load(EXAMPLE.read_text(), EXAMPLE.name)["components"]["carbon"]["blue_green"]
    assert {"drain", "warm", "http", "shares", "probes"} <= set(example)


def test_what_keeps_data_never_runs_twice() -> None:
    with pytest.raises(Refusal, match="is stateful and blue-green; wanted: `strategy: stop-first`"):
        loaded(kind="stateful", strategy="blue-green")
    assert loaded(kind="stateful")["strategy"] == "stop-first"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"warmth": 3}, "has the unknown key warmth; wanted: one of base, drain"),
        ({"drain": -1}, r"blue_green.drain is -1; wanted: seconds from 0 to 86400"),
        ({"warm": True}, r"blue_green.warm is True"),
        ({"probes": "20"}, r"blue_green.probes is '20'; wanted: requests a second"),
        ({"http": [0]}, r"blue_green.http is \[0\]; wanted: a list of container ports"),
        ({"http": 80}, r"blue_green.http is 80"),
        ({"shares": [""]}, r"blue_green.shares is \[''\]"),
        ({"image": "-x"}, r"blue_green.image is '-x'"),
        (["warm"], "blue_green is list; wanted: a mapping"),
    ],
)
def test_settings_that_make_no_sense_are_refused(given: Any, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        strategies.blue_green(given, "blue_green")


def test_an_unknown_strategy_is_answered_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match="'canary'; wanted: one of stop-first, blue-green"):
        loaded(strategy="canary")


def test_hooks_are_complete_for_every_moment() -> None:
    found = hooks.checked({"pre_deploy": [{"command": ["true"]}, {"tasks": "own.yml", "seconds": 5}]}, "hooks")
    assert set(found) == set(hooks.MOMENTS)
    assert found["pre_deploy"] == [
        {"command": ["true"], "tasks": "", "seconds": 600},
        {"command": [], "tasks": "own.yml", "seconds": 5},
    ]
    assert found["on_failure"] == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"before": []}, "unknown key before"),
        ({"pre_deploy": {}, "on_failure": {"command": ["x"]}}, "hooks.on_failure is dict; wanted: a list"),
        ({"pre_deploy": ["true"]}, r"hooks.pre_deploy\[0\] is 'true'"),
        ({"pre_deploy": [{"command": "rm -rf /"}]}, "wanted: a list of words"),
        ({"pre_deploy": [{"command": []}]}, "wanted: a list of words"),
        ({"pre_deploy": [{"command": ["x"], "tasks": "y"}]}, "wanted: {command"),
        ({"pre_deploy": [{"tasks": " "}]}, "wanted: the path of a file of tasks"),
        ({"pre_deploy": [{"command": ["x"], "seconds": 0}]}, "seconds is 0"),
    ],
)
def test_hooks_that_are_none_are_refused(given: Any, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        hooks.checked(given, "hooks")


OPERATION = {
    "verb": "deploy", "component": "carbon", "target": "staging", "actor": "Jane", "reason": "why", "run": "r",
    "artifact": {"commit": "c1", "tree": "t1"},
}  # fmt: skip


def test_a_hook_before_knows_what_serves_and_one_after_what_came_of_it() -> None:
    before = hooks.environment(OPERATION, "pre_deploy", {}, {"number": 7})
    assert (before["TTA_RELEASE"], before["TTA_SERVES"], before["TTA_COMMIT"]) == ("", "7", "c1")
    release = {"number": 8, "artifact": {"commit": "c8", "tree": "t8"}}
    result = {"release": release, "current": 8, "outcome": "deployed", "msg": "carbon 8 serves"}
    after = hooks.environment(OPERATION, "post_deploy", result, {"number": 7})
    assert (after["TTA_RELEASE"], after["TTA_SERVES"], after["TTA_COMMIT"]) == ("8", "8", "c8")
    assert (after["TTA_OUTCOME"], after["TTA_MESSAGE"], after["TTA_REASON"]) == ("deployed", "carbon 8 serves", "why")
