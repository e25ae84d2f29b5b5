"""Is carbon there? The three paths answer; seconds, not minutes."""

from __future__ import annotations

import os

import pytest
import requests


@pytest.mark.parametrize("path", ["/health", "/emissions", "/metrics"])
def test_carbon_answers(path: str) -> None:
    url = os.environ.get("CARBON_URL", "")
    if not url:
        pytest.fail(
            "CARBON_URL is missing: say where carbon runs, for example CARBON_URL=http://127.0.0.1:18081"
        )
    assert requests.get(url + path, timeout=5).status_code == 200
