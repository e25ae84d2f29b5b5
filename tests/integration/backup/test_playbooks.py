"""`backup.yml` and `restore.yml` on the tiny monorepo, whose one service keeps files in a volume."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from tiny.host import docker
from tiny.site import TinySite, tiny_site

pytestmark = pytest.mark.engine
GIVEN = ("-e", "component=web", "-e", "target=staging")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    with tiny_site(tmp_path_factory.mktemp("backup"), f"e2e-bk-{os.getpid()}") as made:
        made.monorepo.entry["backup"] = {"web": {"kind": "volume", "paths": ["/data"]}}
        made.declare()
        assert made.host.deploy()["outcome"] == "deployed"
        yield made


def written(tiny: TinySite, command: str) -> str:
    """Run a shell command in the service's container."""
    container = tiny.host.containers()[0].split()[0]
    return docker("exec", container, "sh", "-c", command)


def test_back_up_refuse_accept_restore(tiny: TinySite) -> None:
    written(tiny, "echo first > /data/note")
    told = " ".join(tiny.site.play("backup.yml", *GIVEN).stdout.split())
    assert "BACKED UP web on staging, each restored once" in told, told
    assert "web: /data 1 files" in told
    written(tiny, "echo second > /data/note")

    refused = tiny.site.play("restore.yml", *GIVEN, check=False)
    assert refused.returncode != 0
    match = re.search(r"-e accept_loss=(\S+)", refused.stdout)
    assert match, refused.stdout
    assert "loses what was written since" in " ".join(refused.stdout.split())
    assert written(tiny, "cat /data/note") == "second\n"

    told = " ".join(tiny.site.play("restore.yml", *GIVEN, "-e", f"accept_loss={match[1]}").stdout.split())
    assert "RESTORED web on staging to" in told, told
    assert written(tiny, "cat /data/note") == "first\n"
    assert [one[0] for one in tiny.host.events()] == ["deployed", "backed-up", "restored"]

    told = " ".join(tiny.site.play("status.yml").stdout.split())
    assert "web: newest verified restore point" in told, told


def test_the_same_without_a_component_backs_all_up(tiny: TinySite) -> None:
    told = " ".join(tiny.site.play("backup.yml", "-e", "target=staging", "-e", "verify=deferred").stdout.split())
    assert "BACKED UP web on staging, not verified yet" in told, told
    assert tiny.host("status")["environments"]["staging"]["components"]["web"]["backups"][-1]["verified_at"] is None
