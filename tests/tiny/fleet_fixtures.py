"""Two container hosts for the session, and a fleet with nothing on it for each test."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from container_host.host import ContainerHost

from tiny.fleet import Fleet
from tiny.host import free_port
from tiny.monorepo import Monorepo


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ContainerHost]]:
    """Two hosts with engines of their own."""
    folder = tmp_path_factory.mktemp("pair")
    hosts = [ContainerHost(f"tta-test-pair-{os.getpid()}-{number}", folder) for number in (1, 2)]
    try:
        with ThreadPoolExecutor(2) as both:
            list(both.map(ContainerHost.start, hosts))
        for host in hosts:
            host.load_images("tta-base:bookworm")
        yield hosts
    finally:
        for host in hosts:
            host.remove()


@pytest.fixture
def fleet(pair: list[ContainerHost], tmp_path: Path) -> Iterator[Fleet]:
    """A fleet of the two hosts that has nothing yet."""
    monorepo = Monorepo(tmp_path / "monorepo", f"host-{secrets.token_hex(4)}", free_port(), tmp_path / "state")
    made = Fleet(tmp_path, pair, monorepo)
    yield made
    made.clear()
