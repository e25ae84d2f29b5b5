"""pytest fixtures; a conftest.py takes them in by `from container_host.fixtures import container_host`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from container_host.host import ContainerHost


@pytest.fixture(scope="session")
def container_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContainerHost]:
    """One host with its own engine for the whole session; tests leave it as they found it."""
    folder = tmp_path_factory.mktemp("container-host")
    with ContainerHost(f"tta-test-host-{os.getpid()}", folder) as host:
        yield host


@pytest.fixture
def bare_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ContainerHost]:
    """A fresh machine without Docker, one for each test."""
    folder = tmp_path_factory.mktemp("bare-host")
    with ContainerHost(f"tta-test-bare-{os.getpid()}", folder, variant="bare") as host:
        yield host
