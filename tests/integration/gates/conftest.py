from __future__ import annotations

from pathlib import Path

import pytest
from lamp import Lamps


@pytest.fixture
def lamps(tmp_path: Path) -> Lamps:
    return Lamps(tmp_path / "lamps")
