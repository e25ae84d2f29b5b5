"""A host, a monorepo and a state folder for each test."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import host_program

from tiny.host import Host, docker, free_port
from tiny.load import waiting
from tiny.monorepo import Monorepo


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("program") / "tta-ops"
    path.write_bytes(host_program.build().data)
    yield path
    images = docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "tta-ops/web-web").split()
    for image in images:
        with contextlib.suppress(subprocess.CalledProcessError):  # another run of the tests has containers of it
            docker("image", "rm", image)


@pytest.fixture
def host(program: Path, tmp_path: Path) -> Iterator[Host]:
    name = f"host-{secrets.token_hex(4)}"
    monorepo = Monorepo(tmp_path / "monorepo", name, free_port(), tmp_path / "state")
    yield Host(program, monorepo)
    for process in waiting(monorepo.state):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)
    for kind, listing in (("rm", ["ps", "--all"]), ("network rm", ["network", "ls"]), ("volume rm", ["volume", "ls"])):
        for project in (name, *(f"{name}-web{own}" for own in ("", "-blue", "-green", "-edge", "-trial"))):
            ids = docker(*listing, "--quiet", "--filter", f"label=com.docker.compose.project={project}").split()
            if ids:
                docker(
                    *kind.split(),
                    "--force" if kind != "network rm" else ids[0],
                    *(ids if kind != "network rm" else ids[1:]),
                )
