"""The same story against a host of its own: a container with its own engine, over SSH."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import edge_image
from container_host.docker_cli import docker
from container_host.host import ContainerHost
from sites.site import Site
from sites.standing import standing


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory, container_host: ContainerHost, evidence: Path) -> Iterator[Site]:
    made_here = [edge_image.TAG] if docker("image", "ls", "--quiet", edge_image.TAG) else []
    container_host.load_images("tta-base:bookworm", *made_here)
    hosts = {alias: container_host.variables() for alias in ("staging-1", "production-1")}
    with standing(tmp_path_factory.mktemp("remote"), evidence, hosts) as made:
        yield made


def test_carbon_is_promoted_on_another_host(remote: Site, container_host: ContainerHost) -> None:
    output = remote.promote("carbon").stdout
    assert "PROMOTED carbon → staging 7/7" in output
    with urllib.request.urlopen(f"http://{container_host.address}:{remote.port}/health", timeout=5) as answer:
        assert json.load(answer)["status"] == "ok"
    entries = [
        json.loads(line) for line in container_host.run("cat", "/var/lib/tta-ops/staging/ledger.jsonl").splitlines()
    ]
    assert [each["event"] for each in entries if each["component"] == "carbon"] == ["deployed", "promoted"]
    assert "carbon" in container_host.run("tta-ops", "status")
    assert "already in staging" in remote.promote("carbon").stdout
