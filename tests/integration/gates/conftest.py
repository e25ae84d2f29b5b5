from __future__ import annotations

from pathlib import Path

import pytest
from lamp import Lamps


@pytest.fixture
def lamps(tmp_path: Path) -> Lamps:
    return Lamps(tmp_path / "lamps")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what sums up at the end."""
    items.sort(key=lambda item: item.path.name == "test_every_gate.py")
