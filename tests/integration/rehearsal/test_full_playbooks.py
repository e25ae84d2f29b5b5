"""`rollback.yml -e mode=full` and a full rehearsal, of a tiny component that keeps data in a volume."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tiny.host import docker
from tiny.site import TinySite, tiny_site

GIVEN = ("-e", "component=web", "-e", "target=staging")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    """Release 1 with a restore point; then release 2, with another schema, has changed the data."""
    with tiny_site(tmp_path_factory.mktemp("full"), f"e2e-fr-{os.getpid()}") as made:
        made.monorepo.entry |= {"kind": "stateful", "data_schema": 1}
        made.monorepo.entry["backup"] = {"web": {"kind": "volume", "paths": ["/data"]}}
        made.declare()
        made.set(environment_backups={"key": "0123456789abcdef-of-the-tests", "schedule": {}})
        deployed(made, "one")
        write(made, "of release 1")
        made.site.play("backup.yml", *GIVEN)
        made.monorepo.entry["data_schema"] = 2
        made.declare()
        deployed(made, "two")
        write(made, "of release 2")
        yield made


def deployed(tiny: TinySite, words: str) -> None:
    tiny.monorepo.commit(words)
    found = tiny.host.deploy()
    assert found["outcome"] == "deployed", found
    tiny.promoted()


def container(tiny: TinySite) -> str:
    label = f"label=com.docker.compose.project={tiny.site.name}-web"
    return docker("ps", "--quiet", "--filter", label).strip()


def write(tiny: TinySite, text: str) -> None:
    docker("exec", container(tiny), "python3", "-c", f"open('/data/rows', 'w').write({text!r})")


def rows(tiny: TinySite) -> str:
    return docker("exec", container(tiny), "python3", "-c", "print(open('/data/rows').read())").strip()


def said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


def last(tiny: TinySite, event: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in reversed(tiny.host.ledger()) if entry["event"] == event)
    return found["data"] | {"run": found["run"]}


def test_quick_is_refused_with_the_reason_and_full_with_what_is_lost(tiny: TinySite) -> None:
    before = tiny.host.tree()
    told = said(tiny.site.play("rollback.yml", *GIVEN, check=False))
    assert "web keeps data, and its releases 2 and 1 have different images" in told, told
    assert "ansible-playbook rollback.yml -e component=web -e target=staging -e release=1 -e mode=full" in told
    told = said(tiny.site.play("rollback.yml", *GIVEN, "-e", "mode=full", check=False))
    assert "loses what was written since" in told, told
    assert re.search(r"-e release=1 -e mode=full -e point=\S+ -e accept_loss=\d+m", told), told
    assert tiny.host.tree() == before


def test_the_data_are_rehearsed_too_and_come_back(tiny: TinySite) -> None:
    told = said(tiny.site.play("rollback-rehearsal.yml", "-e", "component=web"))
    print(told)
    assert "REHEARSED web 2 → 1 → 2 on staging" in told, told
    assert (tiny.host.release(), rows(tiny)) == ("two", "of release 2")
    data = last(tiny, "rehearsed")
    assert (data["mode"], data["failed"], data["inconclusive"], data["clean"]) == ("full", 0, [], True)
    restored = [entry for entry in tiny.host.ledger() if entry["event"] == "restored"]
    assert [entry["data"]["rehearsal"] for entry in restored] == [data["run"]] * 2
    assert restored[1]["data"]["point"] == restored[0]["data"]["safety_point"]
    page = (tiny.monorepo.folder / "docs/web_ROLLBACK.md").read_text()
    assert "It was rehearsed, and its times stand below." in page


def test_full_returns_release_and_data(tiny: TinySite) -> None:
    plan = said(tiny.site.play("rollback.yml", *GIVEN, "-e", "mode=full", "--check"))
    again = re.search(r"next ansible-playbook rollback.yml (.*-e accept_loss=\S+)", plan)
    assert again, plan
    assert rows(tiny) == "of release 2"
    begun = time.monotonic()
    told = said(tiny.site.play("rollback.yml", *again[1].split()))
    print(f"{time.monotonic() - begun:.1f} s", told)
    assert "ROLLED BACK web 2 → 1 on staging" in told, told
    assert "what there was before is in the safety dump" in told
    assert (tiny.host.release(), rows(tiny)) == ("one", "of release 1")
    assert last(tiny, "restored")["services"].keys() == {"web"}
