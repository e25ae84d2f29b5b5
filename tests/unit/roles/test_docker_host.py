"""What the role docker_host decides from what it has seen on the host, without a host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar

ROLE = Path(__file__).parents[3] / "roles" / "docker_host"

MISSING = {"rc": 127, "stdout": "", "stderr": "timeout: failed to run command 'docker'"}
THERE = {"rc": 0, "stdout": "20.10.24", "stderr": ""}
STOPPED = {"rc": 1, "stdout": "", "stderr": "Cannot connect to the Docker daemon"}
DENIED = {"rc": 1, "stdout": "", "stderr": "Got permission denied while trying to connect to the Docker daemon socket"}

# `apt-cache madison docker-cli docker-compose-v2 docker-compose`, as each suite answers it.
BOOKWORM = "docker-compose |   1.29.2-3 | mirror bookworm/main amd64 Packages"
TRIXIE = """docker-cli | 26.1.5+dfsg1-9+b9 | mirror trixie/main amd64 Packages
docker-compose |   2.26.1-4 | mirror trixie/main amd64 Packages"""
NOBLE = """docker-compose-v2 | 2.37.1+ds1-0ubuntu2~24.04.1 | mirror noble-updates/universe amd64 Packages
docker-compose-v2 | 2.24.6+ds1-0ubuntu2 | mirror noble/universe amd64 Packages
docker-compose | 1.29.2-6ubuntu1 | mirror noble/universe amd64 Packages"""

DEBIAN_MIRRORS = """Debian main bookworm-security http://mirror/debian-security/
Debian main bookworm http://mirror/debian/
Debian main bookworm-updates http://mirror/debian/"""
UBUNTU_MIRRORS = "Ubuntu main noble http://mirror/ubuntu/"


@pytest.fixture(scope="module", autouse=True)
def _plugins() -> None:
    init_plugin_loader([])


def decided(name: str, **facts: Any) -> Any:
    """Return the role's private variable, given the results that its tasks registered."""
    loader = DataLoader()
    variables = loader.load_from_file(str(ROLE / "vars" / "main.yml"), trusted_as_template=True)
    given = {f"__docker_host_{key}": value for key, value in facts.items()}
    return Templar(loader, {**variables, **given}).template(variables[f"__docker_host_{name}"])


@pytest.mark.parametrize(
    ("info", "compose", "dockerd", "lacking"),
    [
        (THERE, THERE, MISSING, []),  # an engine elsewhere, by DOCKER_HOST, is an engine
        (MISSING, MISSING, MISSING, ["Docker Engine", "Docker Compose v2"]),
        (STOPPED, THERE, THERE, ["a running Docker Engine"]),
        (THERE, STOPPED, THERE, ["Docker Compose v2"]),
    ],
)
def test_what_is_lacking(info: Any, compose: Any, dockerd: Any, lacking: list[str]) -> None:
    assert decided("lacking", info=info, compose=compose, dockerd=dockerd) == lacking


@pytest.mark.parametrize(("info", "denied"), [(DENIED, True), (STOPPED, False), (THERE, False)])
def test_a_denial_is_no_absence(info: Any, denied: bool) -> None:
    assert decided("engine_denied", info=info) is denied


@pytest.mark.parametrize(
    ("offered", "packages"),
    [
        (BOOKWORM, ["docker.io", "iptables"]),  # Compose 1 is of no use
        (TRIXIE, ["docker.io", "iptables", "docker-cli", "docker-compose"]),
        (NOBLE, ["docker.io", "iptables", "docker-compose-v2"]),
        ("", ["docker.io", "iptables"]),
    ],
)
def test_packages_of_a_fresh_machine(offered: str, packages: list[str]) -> None:
    facts = {"info": MISSING, "compose": MISSING, "dockerd": MISSING, "offered": {"stdout": offered}}
    assert decided("packages", **facts) == packages


def test_an_engine_that_is_there_is_not_installed_again() -> None:
    facts = {"info": THERE, "compose": STOPPED, "dockerd": THERE, "offered": {"stdout": TRIXIE}}
    assert decided("packages", **facts) == ["docker-compose"]


@pytest.mark.parametrize(
    ("mirrors", "main", "security"),
    [
        (DEBIAN_MIRRORS, "http://mirror/debian/", "http://mirror/debian-security/"),
        (UBUNTU_MIRRORS, "", ""),
        ("", "", ""),
    ],
)
def test_the_mirror_is_the_hosts_own(mirrors: str, main: str, security: str) -> None:
    facts = {"mirrors": {"stdout": mirrors}}
    assert decided("mirror", **facts) == main
    assert decided("security_mirror", **facts) == security


def test_defaults_and_argument_spec_have_the_same_keys_and_values() -> None:
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    options = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    assert {name: option["default"] for name, option in options.items()} == defaults
