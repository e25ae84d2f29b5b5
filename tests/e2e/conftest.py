"""One site per module: promoted once, then looked at from all sides."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from container_host.fixtures import bare_host, container_host
from sites.site import Site

__all__ = ["bare_host", "container_host", "site"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site on this machine with its core components entered into the ledger."""
    name = f"e2e-{Path(request.path).stem.removeprefix('test_').replace('_', '-')}-{os.getpid()}"
    made = Site(tmp_path_factory.mktemp("site"), name)
    try:
        made.genesis()
        yield made
    finally:
        made.remove()
