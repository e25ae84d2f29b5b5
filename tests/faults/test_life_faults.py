"""100 kills at random moments of the life of carbon: nothing is there twice, and all is as if nobody was killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from life import World
from life.carbon import STEPS
from standin import Standin

ROOT = Path(__file__).resolve().parents[2]
KILLS = 100


def shown(world: World, standin: Standin | None) -> dict[str, Any]:
    """What there is at the end, without what differs from run to run."""
    found: dict[str, Any] = {
        "ledger": [(one["environment"], one["event"], (one["artifact"] or {}).get("tree")) for one in world.entries()],
        "maturity": [
            line.partition(" (evidence")[0] for line in (world.monorepo / "MATURITY.md").read_text().splitlines()
        ],
        "issues": {
            name: sorted(
                (one["key"].split("/2026")[0], one["state"], tuple(one["labels"]), tuple(_markers(one)))
                for one in world.issues(name)
            )
            for name in ("staging", "production")
        },
    }
    if standin:
        store = standin.store
        found["github"] = sorted(
            (one["title"], one["state"], tuple(sorted(label["name"] for label in one["labels"])))
            for one in store.issues.values()
        )
        found["comments"] = Counter(store.issues[of]["title"] for of, _ in store.comments.values())
        found["cards"] = len(standin.projects.items)
        found["labels"], found["milestones"] = sorted(store.labels), len(store.milestones)
    return found


def _markers(one: dict[str, Any]) -> list[str]:
    return sorted(comment["marker"] for comment in one["comments"])


def live(root: Path, standin: Standin, kills: int, seed: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "life.killed", str(root), standin.url, str(kills), str(seed)],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'tests'}:{ROOT / 'collections'}"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("seed", [1])
def test_100_kills_double_nothing(tmp_path: Path, seed: int) -> None:
    with Standin() as quiet:
        live(tmp_path / "quiet", quiet, 0, seed)
        undisturbed = World(tmp_path / "quiet", quiet.url)
        assert undisturbed.flush() == []
        wanted = shown(undisturbed, quiet)
    with Standin() as standin:
        told = live(tmp_path / "killed", standin, KILLS, seed)
        world = World(tmp_path / "killed", standin.url)
        assert world.flush() == []
        found = shown(world, standin)
        ran = [(one["run"], one["event"], one["component"], one["environment"]) for one in world.entries()]
        keys = {name: [one["key"] for one in world.issues(name)] for name in ("staging", "production")}
        bodies = [body for _, body in standin.store.comments.values()]
    assert told["kills"] == KILLS
    assert len(told["by_step"]) >= len(STEPS) - 4
    assert max(Counter(ran).values()) == 1
    assert all(max(Counter(each).values()) == 1 for each in keys.values())
    assert len(bodies) == sum(found["comments"].values())
    assert found == wanted
