"""One site per module: promoted once, then looked at from all sides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from container_host.fixtures import bare_host, container_host
from sites.site import Site
from sites.standing import standing

__all__ = ["bare_host", "container_host", "site"]


@pytest.fixture(scope="session")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of all sites so far."""
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> Iterator[Site]:
    """A site on this machine with its core components entered into the ledger."""
    with standing(tmp_path_factory.mktemp("site"), evidence) as made:
        yield made
