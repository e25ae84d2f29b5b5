"""A stand-in for GitHub, and an outbox beside a ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from standin import Standin
from standin.bench import Beside


@pytest.fixture
def standin() -> Standin:
    return Standin()


@pytest.fixture
def served() -> Iterator[Standin]:
    with Standin() as running:
        yield running


@pytest.fixture(autouse=True)
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power fails here, and thousands of writes are waited for."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def beside(tmp_path: Path) -> Beside:
    return Beside(tmp_path)
