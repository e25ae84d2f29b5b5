"""A fleet whose images go through a registry: pushed by the first host, pulled by digest by the others."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from container_host.docker_cli import DockerError
from tiny.fleet import Fleet

pytestmark = pytest.mark.engine
CONFIG = '{"version": "0.1", "storage": {"filesystem": {"rootdirectory": "/tmp/registry"}}, "http": {"addr": ":5000"}}'
INSTALL = (
    "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends docker-registry"
)


@pytest.fixture
def with_registry(fleet: Fleet) -> Iterator[Fleet]:
    """A fleet with Debian's docker-registry on its first host, which both engines take without TLS."""
    first = fleet.hosts[0]
    fleet.registry = f"{first.address}:5000/tta"
    first.run("sh", "-c", INSTALL, timeout=300)
    first.run("sh", "-c", "cat > /tmp/registry.json", stdin=CONFIG.encode())
    first.run("sh", "-c", "setsid docker-registry serve /tmp/registry.json > /var/log/registry.log 2>&1 &")
    settings = json.dumps({"insecure-registries": [f"{first.address}:5000"]}).encode()
    for host in fleet.hosts:
        host.run("sh", "-c", "mkdir -p /etc/docker; cat > /etc/docker/daemon.json; pkill -HUP dockerd", stdin=settings)
    until = time.monotonic() + 30
    while not answers(fleet):
        assert time.monotonic() < until, first.run("cat", "/var/log/registry.log")
        time.sleep(0.1)
    yield fleet
    first.run("sh", "-c", "pkill docker-registry; rm -rf /tmp/registry")
    for host in fleet.hosts:
        host.run("sh", "-c", "rm /etc/docker/daemon.json; pkill -HUP dockerd")


def answers(fleet: Fleet) -> bool:
    try:
        return fleet.hosts[1].run("curl", "-s", "-m", "5", f"http://{fleet.registry.partition('/')[0]}/v2/") == "{}"
    except DockerError:
        return False


def test_the_others_pull_by_digest_what_the_first_has_pushed(with_registry: Fleet) -> None:
    fleet = with_registry
    code, output = fleet.play()
    assert code == 0, output
    assert fleet.serving() == ["fine", "fine"]
    assert "pushes the image of web" in output
    assert "pulls the image of web" in output
    assert "→" not in output
    ids = [host.run("sh", "-c", "docker inspect --format {{.Image}} $(docker ps -q)") for host in fleet.hosts]
    assert ids[0] == ids[1]
    names = fleet.hosts[0].run("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}")
    assert f"{fleet.registry}/web-web:" not in names
