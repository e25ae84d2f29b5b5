"""The role docker_host where it may not or cannot do its work: it says why, what to type, and changes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from container_host.fixtures import bare_host, container_host
from container_host.host import ContainerHost

__all__ = ["bare_host", "container_host"]
pytestmark = pytest.mark.engine
ROOT = Path(__file__).parents[2]
AGAIN = "`ansible-playbook tta.ops.prepare_host --limit fresh-1"
PLAYBOOK = """
- name: Prepare
  hosts: target
  tasks:
    - name: Provide
      ansible.builtin.include_role: {name: tta.ops.docker_host}
      vars: {docker_host_state: ""}
"""


def prepare(host: ContainerHost, folder: Path, **variables: str) -> tuple[int, str]:
    """Apply the role to the host, with further inventory variables; return exit code and output."""
    (folder / "prepare.yml").write_text(PLAYBOOK)
    inventory = {"target": {"hosts": {"fresh-1": {**host.variables(), **variables}}}}
    (folder / "hosts.json").write_text(json.dumps(inventory))
    environment = {
        **os.environ,
        "ANSIBLE_CONFIG": str(folder / "none.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_GATHERING": "explicit",
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.json", "prepare.yml"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    return done.returncode, done.stdout + done.stderr


def add_user(host: ContainerHost) -> None:
    """Give the host a user `deploy` who may log in with the same key, and no more."""
    host.run("useradd", "--create-home", "--shell", "/bin/bash", "deploy")
    host.run("cp", "--recursive", "/root/.ssh", "/home/deploy/.ssh")
    host.run("chown", "--recursive", "deploy:", "/home/deploy/.ssh")


def installed(host: ContainerHost) -> str:
    """Return what of Docker is on the host."""
    return host.run("find", "/usr/bin", "/usr/sbin", "/usr/local", "-name", "*docker*")


def test_without_rights_it_says_what_to_type(bare_host: ContainerHost, tmp_path: Path) -> None:
    add_user(bare_host)
    code, output = prepare(bare_host, tmp_path, ansible_user="deploy")
    assert code != 0
    assert "fresh-1 lacks Docker Engine and Docker Compose v2, and deploy has not the rights" in output
    assert f"{AGAIN} --ask-become-pass`" in output
    assert "changed=0" in output
    assert installed(bare_host) == ""


def test_on_another_system_it_says_so(bare_host: ContainerHost, tmp_path: Path) -> None:
    bare_host.run("rm", "/etc/debian_version")
    bare_host.run("sh", "-c", "printf 'ID=fedora\\nNAME=Fedora\\n' > /etc/os-release")
    code, output = prepare(bare_host, tmp_path)
    assert code != 0
    assert "where this role cannot provide it (Debian and Ubuntu are known)" in output
    assert "changed=0" in output
    assert installed(bare_host) == ""


def test_a_user_outside_the_docker_group_is_told(container_host: ContainerHost, tmp_path: Path) -> None:
    add_user(container_host)
    try:
        code, output = prepare(container_host, tmp_path, ansible_user="deploy")
    finally:
        container_host.run("userdel", "--force", "--remove", "deploy")
    assert code != 0
    assert "Docker Engine runs on fresh-1, but deploy may not speak to it" in output
    assert "`sudo usermod -aG docker deploy`" in output
    assert "changed=0" in output


@pytest.mark.parametrize("connection", ["ssh", "community.docker.docker"])
def test_what_is_there_is_left_alone(container_host: ContainerHost, tmp_path: Path, connection: str) -> None:
    where = {"ansible_connection": connection}
    if connection != "ssh":
        where["ansible_host"] = container_host.name
    looked_at = ("stat", "--format", "%n %Y %s", "/usr/sbin/dockerd", "/etc/docker", "/usr/local/lib/docker")
    before = container_host.run(*looked_at)
    code, output = prepare(container_host, tmp_path, **where)
    assert code == 0, output
    assert "changed=0" in output
    assert container_host.run(*looked_at) == before
