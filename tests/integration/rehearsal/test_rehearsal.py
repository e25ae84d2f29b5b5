"""`rollback-rehearsal.yml` on the tiny monorepo: away and back under requests, what it leaves, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import barred
from ansible_collections.tta.ops.plugins.plugin_utils.gates import soak
from sites.site import ROOT
from tiny.host import docker
from tiny.load import Load
from tiny.site import TinySite, tiny_site

GIVEN = ("-e", "component=web")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    """A first release of a component in colours serves."""
    with tiny_site(tmp_path_factory.mktemp("rehearsal"), f"e2e-rh-{os.getpid()}") as made:
        made.monorepo.in_colours(warm=600, drain=2)
        made.declare()
        released(made, "one")
        yield made


def released(tiny: TinySite, words: str) -> None:
    tiny.monorepo.commit(words)
    assert tiny.host.deploy()["outcome"] == "deployed"
    tiny.promoted()


def rehearsed(tiny: TinySite, *more: str, check: bool = True) -> str:
    return said(tiny.site.play("rollback-rehearsal.yml", *GIVEN, *more, check=check))


def said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


def serves(tiny: TinySite) -> str:
    return tiny.host.current().rpartition("/")[2]


def last(tiny: TinySite, event: str) -> dict[str, Any]:
    return next(entry for entry in reversed(tiny.host.ledger()) if entry["event"] == event)


def test_a_first_release_is_taken_away_and_serves_again(tiny: TinySite) -> None:
    told = rehearsed(tiny)
    assert "REHEARSED web 1 → nothing → 1 on staging" in told, told
    assert (serves(tiny), tiny.host.release()) == ("1", "one")
    assert [entry["event"] for entry in tiny.host.ledger()][-3:] == ["removed", "returned", "rehearsed"]
    assert tiny.host.colour("edge"), "it serves in colours again"
    page = (tiny.monorepo.folder / "docs/web_ROLLBACK.md").read_text()
    assert "sudo tta-ops rollback web --undo --release 1" in page


def test_away_and_back_under_load_loses_no_request_and_bars_nothing(tiny: TinySite) -> None:
    released(tiny, "two")
    tree = tiny.monorepo.artifact()["tree"]
    with Load(tiny.site.name, tiny.site.port, clients=4) as load:
        told = rehearsed(tiny, "-e", "reason=drill")
    print(told)
    assert (load.failures, tiny.host.release()) == ([], "two")
    assert {"one", "two"} <= set(load.releases)
    assert "REHEARSED web 2 → 1 → 2 on staging; 0 of" in told, told
    data = last(tiny, "rehearsed")["data"]
    assert (data["failed"], data["clean"], data["inconclusive"], data["mode"]) == (0, True, [], "quick")
    assert data["checks"] >= 8
    assert data["traffic"]["requests"] > 50
    assert data["traffic"]["failures"] == 0
    assert [one["name"] for one in data["receipts"]] == ["away", "back"]
    assert all(one["swap_ms"] < 2000 for one in data["receipts"])
    assert data["recovery_seconds"] > 0
    own = tiny.host.ledger()
    assert barred.earned(own, "web", tree)
    assert soak.stay(own, "staging", tree).since == last(tiny, "promoted")
    assert {entry["data"]["rehearsal"] for entry in own[-3:-1]} == {own[-1]["run"]}
    page = (tiny.monorepo.folder / "docs/web_ROLLBACK.md").read_text()
    assert f"Rollback time estimate: {data['recovery_seconds']:.1f} s" in page
    assert not (tiny.host.state / "staging/components/web/rehearsal.json").exists()


def test_its_plan_changes_nothing(tiny: TinySite) -> None:
    before = tiny.host.tree()
    told = rehearsed(tiny, "--check")
    assert "PLAN rehearsal of web" in told, told
    assert "declared for 60 minutes" in told
    assert tiny.host.tree() == before


def test_only_one_rehearses_and_nobody_deploys_meanwhile(tiny: TinySite) -> None:
    request = {"step": "begin", "from": 2, "to": 1, "mode": "quick", "seconds": 600, "process": ""}
    who = ("--environment", "staging", "--run", "other", "--actor", "Joe", "--reason", "mine")
    assert not tiny.host("rehearsal", "web", *who, stdin=json.dumps(request).encode())["failed"]
    told = rehearsed(tiny, check=False)
    assert "Joe (mine) rehearses the way back of web on staging since" in told, told
    tiny.monorepo.commit("three")
    assert "Joe (mine) rehearses" in tiny.host.deploy()["message"]
    ended = tiny.host("rehearsal", "web", *who, stdin=b'{"step": "end"}')
    assert (ended["failed"], ended["why"]) == (False, [])


def test_production_is_refused(tiny: TinySite) -> None:
    told = rehearsed(tiny, "-e", "target=production", check=False)
    assert "NOTHING DONE rollback-rehearsal: rollback-rehearsal acts in staging, not in production" in told, told


def test_a_run_that_is_killed_away_is_brought_home_by_the_next(tiny: TinySite) -> None:
    inventories = [
        word for one in ("staging-homelab", "production") for word in ("-i", str(tiny.site.inventories / one))
    ]
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "rollback-rehearsal.yml", *inventories, *GIVEN]
    running = subprocess.Popen(
        [*command, "-e", f"monorepo={tiny.monorepo.folder}"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 120
    while serves(tiny) != "1":
        assert time.monotonic() < until
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(10)
    told = rehearsed(tiny)
    assert "first: 2 is brought back: the rehearsal of" in told, told
    assert "REHEARSED web 2 → 1 → 2 on staging" in told
    assert tiny.host.release() == "two"


def test_what_cannot_come_back_leaves_staging_dirty_loudly(tiny: TinySite) -> None:
    document = tiny.host.state / "staging/components/web/releases/2/compose.json"
    whole = document.read_bytes()
    breaking = threading.Thread(target=breaks_once_away, args=(tiny, document))
    breaking.start()
    try:
        told = rehearsed(tiny, check=False)
    finally:
        breaking.join(120)
        document.write_bytes(whole)
    assert "STAGING IS DIRTY 1 serves instead of 2" in told, told
    assert "ansible-playbook rollback.yml -e component=web -e target=staging -e release=2" in told
    data = last(tiny, "rehearsed")["data"]
    assert (data["clean"], data["why"]) == (False, ["1 serves instead of 2"])
    assert tiny.host.release() == "one", "somebody serves all the same"
    assert "DIRTY since a rehearsal of" in said(tiny.site.play("status.yml", *GIVEN))
    assert "REHEARSED web 2 → 1 → 2" in rehearsed(tiny)
    assert "DIRTY" not in said(tiny.site.play("status.yml", *GIVEN))


def breaks_once_away(tiny: TinySite, document: Path) -> None:
    """Take the current release away, and what it would start from, as soon as the one before serves."""
    until = time.monotonic() + 120
    while serves(tiny) != "1" and time.monotonic() < until:
        time.sleep(0.02)
    broken = json.loads(document.read_text())
    broken["services"]["web"]["command"] = ["false"]
    document.write_text(json.dumps(broken))
    labels = [f"label=com.docker.compose.project={tiny.site.name}-web-{colour}" for colour in ("blue", "green")]
    for label in labels:
        ids = docker("ps", "--all", "--quiet", "--filter", label, "--filter", "label=tta.ops.release=2").split()
        if ids:
            docker("rm", "--force", *ids)
