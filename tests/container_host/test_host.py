"""The container hosts themselves: what they give is what tests rely on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from container_host.docker_cli import DockerError, docker
from container_host.fixtures import container_host
from container_host.host import ContainerHost

__all__ = ["container_host"]
pytestmark = pytest.mark.engine


def test_it_runs_containers_of_images_streamed_in(container_host: ContainerHost) -> None:
    container_host.load_images("tta-base:bookworm")
    assert container_host.run("docker", "run", "--rm", "tta-base:bookworm", "echo", "inner") == "inner"
    assert container_host.run("docker", "compose", "version", "--short").lstrip("v").startswith("2.")


def test_an_image_that_is_not_there_is_an_error(container_host: ContainerHost) -> None:
    with pytest.raises(DockerError, match="tta-no-such-image"):
        container_host.load_images("tta-no-such-image:1")


def test_ssh_reaches_it_with_its_own_key_only(container_host: ContainerHost, tmp_path: Path) -> None:
    def login(key: Path) -> subprocess.CompletedProcess[str]:
        variables = container_host.variables()
        options = variables["ansible_ssh_common_args"].split()
        command = ["ssh", *options, "-o", "BatchMode=yes", "-i", str(key), f"root@{container_host.address}", "hostname"]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert login(container_host.key).stdout.strip() == container_host.name
    stranger = tmp_path / "stranger.key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True)
    assert login(stranger).returncode == 255


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    name = f"tta-test-leftovers-{os.getpid()}"
    volumes = set(docker("volume", "ls", "--quiet").split())
    with ContainerHost(name, tmp_path, variant="bare") as host:
        own = set(docker("inspect", "--format", "{{range .Mounts}}{{.Name}} {{end}}", host.name).split())
        assert own
        assert not own & volumes
    assert docker("ps", "--all", "--quiet", "--filter", f"name={name}") == ""
    assert not own & set(docker("volume", "ls", "--quiet").split())
    assert list(tmp_path.iterdir()) == []
