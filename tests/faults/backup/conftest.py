"""One store for the faults of a file, with the file's own SERVICES: each test leaves it running."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import host_program
from backed.fixtures import made
from backed.store import Store


@pytest.fixture(scope="module")
def standing_store(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("store")
    program = folder / "tta-ops"
    program.write_bytes(host_program.build().data)
    services = request.module.SERVICES
    with made(program, folder, *services) as store:
        if "db" in services:
            store.sql("create table orders as select g as id, md5(g::text) as text from generate_series(1, 1000) g")
        if "files" in services:
            store.run("files", "sh", "-c", "echo one > /files/a")
        yield store


@pytest.fixture
def store(standing_store: Store) -> Iterator[Store]:
    """Yield it with a verified restore point; afterwards every restore point there is has to verify."""
    if not standing_store.points_if_any():
        standing_store.point()
    standing_store.results.clear()
    yield standing_store
    assert "Traceback" not in standing_store.output
