"""Stores for tests."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backed.store import Store

Make = Callable[..., Store]


@contextlib.contextmanager
def made(program: Path, folder: Path, *services: str, aof: str = "yes") -> Iterator[Store]:
    """Make a store that runs and whose backups are set up; what it has started goes afterwards."""
    store = Store(program, folder, f"backed-{secrets.token_hex(4)}", services, aof)
    try:
        deployed = store.deploy()
        assert deployed["outcome"] == "deployed", deployed
        configured = store.configure()
        assert configured["code"] == 0, configured
        yield store
    finally:
        store.remove()


@pytest.fixture
def make_store(program: Path, tmp_path: Path) -> Iterator[Make]:
    """Return what makes a store of the services that it is given."""
    with contextlib.ExitStack() as stack:
        yield lambda *services, aof="yes": stack.enter_context(made(program, tmp_path, *services, aof=aof))
