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


@pytest.fixture
def host(program: Path, tmp_path: Path) -> Iterator[Host]:
    with made(program, tmp_path) as one:
        yield one


@contextlib.contextmanager
def made(program: Path, folder: Path) -> Iterator[Host]:
    """Make a host with a monorepo in a folder, and take away what it has started."""
    name = f"host-{secrets.token_hex(4)}"
    monorepo = Monorepo(folder / "monorepo", name, free_port(), folder / "state")
    try:
        yield Host(program, monorepo)
    finally:
        _clean(name, monorepo)


def _clean(name: str, monorepo: Monorepo) -> None:
    for process in waiting(monorepo.state):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGTERM)
    for kind, listing in (("rm", ["ps", "--all"]), ("network rm", ["network", "ls"]), ("volume rm", ["volume", "ls"])):
        for project in (name, *(f"{name}-web{own}" for own in ("", "-blue", "-green", "-edge", "-trial", "-kept"))):
            ids = docker(*listing, "--quiet", "--filter", f"label=com.docker.compose.project={project}").split()
            if ids:
                docker(
                    *kind.split(),
                    "--force" if kind != "network rm" else ids[0],
                    *(ids if kind != "network rm" else ids[1:]),
                )
    for tree in monorepo.trees:
        with contextlib.suppress(subprocess.CalledProcessError):  # it was never built
            docker("image", "rm", f"tta-ops/web-web:{tree[:12]}")
