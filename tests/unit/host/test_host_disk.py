"""What a component takes on the disk, what could be had back, and what is held against being pruned."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host import disk, holders
from ansible_collections.tta.ops.plugins.module_utils.host.errors import EngineError
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from ansible_collections.tta.ops.plugins.module_utils.host.store import KEPT, Store

BASE, OWN, OLD = ("base", 100), ("own", 7), ("old", 5)


class Engine:
    """Images by name, each with its layers, and the containers that hold some of them."""

    def __init__(self, images: dict[str, list[tuple[str, int]]], ours: set[str], used: set[str]) -> None:
        self.own, self.ours, self.used = images, ours, used
        self.held: dict[str, dict[str, str]] = {}
        self.fails = False

    def images(self) -> list[dict[str, Any]]:
        return [{"Id": one, "Labels": {"tta.ops.component": "web"} if one in self.ours else None} for one in self.own]

    def images_in_use(self) -> set[str]:
        return self.used

    def layers_of(self, image: str) -> tuple[list[str], list[dict[str, Any]]]:
        steps = [{"Size": size} for _, size in reversed(self.own[image])]
        return [layer for layer, _ in self.own[image]], [{"Size": 0}, *steps]

    def project(self, _: str) -> list[dict[str, Any]]:
        if self.fails:
            raise EngineError("silent")
        return [{"Id": name, "Config": {"Labels": labels}} for name, labels in self.held.items()]

    def hold(self, _image: str, name: str, labels: dict[str, str]) -> None:
        self.held[name] = labels

    def remove(self, name: str) -> None:
        del self.held[name]


def kept(store: Store, number: int, image: str, outcome: str = "deployed") -> None:
    folder = store.folder / "releases" / str(number)
    folder.mkdir(parents=True)
    facts = {"number": number, "project": "tta-web", "artifact": {"images": {"web": {"id": image}}}}
    (folder / "release.json").write_text(json.dumps(facts))
    store.release(number).conclude(outcome, "2026-11-20T12:00:00Z")


def test_layers_that_images_share_count_once_and_are_not_had_back(tmp_path: Path) -> None:
    state = State(tmp_path)
    kept(state.store("staging", "web"), 1, "a")
    kept(state.store("staging", "web"), 2, "b")
    images = {"a": [BASE, OWN], "b": [BASE, OWN], "c": [BASE, OLD], "theirs": [("x", 1000)], "runs": [BASE, ("r", 3)]}
    engine: Any = Engine(images, {"a", "b", "c", "runs"}, {"runs"})
    found = disk.usage(state, engine)
    assert found["components"]["staging"]["web"]["images_bytes"] == 107
    assert found["reclaimable"] == {"images": 1, "bytes": 5}
    told = "\n".join(disk.lines(found))
    assert "0.0 MB in 1 images could be had back: docker image prune --all" in told
    assert "web on staging: releases " in told


def test_an_empty_layer_has_its_place() -> None:
    assert disk.chains(["l1", "l2"], [{"Size": 0}, {"Size": 4}, {"Size": 0}]) == [("l1", 0), ("l1/l2", 4)]
    assert disk.chains([], []) == []


def context(tmp_path: Path, engine: Engine) -> Any:
    state, told = State(tmp_path), []
    store = state.store("staging", "web")
    own = {"state": state, "environment": "staging", "component": "web", "store": store, "told": told}
    return SimpleNamespace(engine=engine, tell=lambda step, text: told.append(text), **own)


def test_images_of_kept_releases_are_held_and_no_others(tmp_path: Path) -> None:
    engine = Engine({}, set(), set())
    act = context(tmp_path, engine)
    holders.see_to_it(act)
    assert engine.held == {}
    for number, outcome in ((1, "deployed"), (2, "failed"), (3, "deployed"), (4, "deployed")):
        kept(act.store, number, f"sha256:{str(number // 4 or number) * 64}", outcome)
    holders.see_to_it(act)
    assert {labels[holders.LABEL][-1] for labels in engine.held.values()} == {"1", "3"}
    assert all(labels["com.docker.compose.project"] == "tta-web-kept" for labels in engine.held.values())
    act.store.discard(3)
    holders.see_to_it(act)
    assert {labels[holders.LABEL][-1] for labels in engine.held.values()} == {"1"}


def test_an_engine_that_does_not_answer_fails_no_act(tmp_path: Path) -> None:
    engine = Engine({}, set(), set())
    engine.fails = True
    act = context(tmp_path, engine)
    kept(act.store, 1, "sha256:1")
    holders.see_to_it(act)
    assert act.told == ["the images of kept releases are not all kept from pruning: silent"]


def test_a_release_that_a_restore_point_belongs_to_is_not_pruned(tmp_path: Path) -> None:
    act = context(tmp_path, Engine({}, set(), set()))
    points = tmp_path / "staging" / "backups" / "web"
    points.mkdir(parents=True)
    (points / "20261120T120000Z-0a1b.json").write_text(json.dumps({"release": 1}))
    (points / "20261120T130000Z-0a1b.json").write_text(json.dumps({"release": None}))
    for number in range(1, KEPT + 4):
        kept(act.store, number, "sha256:1")
    assert holders.needed(act) == {1}
    assert act.store.prune(holders.needed(act)) == [2, 3]
    assert act.store.numbers() == [1, 4, 5, 6, 7, 8]
