"""From a measurement to what a person sees: the totals of /emissions grow, and never shrink."""

from __future__ import annotations

import os
import time

import pytest
import requests


@pytest.fixture
def url() -> str:
    value = os.environ.get("CARBON_URL", "")
    if not value:
        pytest.fail(
            "CARBON_URL is missing: say where carbon runs, for example CARBON_URL=http://127.0.0.1:18081"
        )
    return value


def test_the_totals_grow(url: str) -> None:
    def totals() -> dict[str, float]:
        return requests.get(f"{url}/emissions", timeout=5).json()["totals"]

    before = totals()
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        now = totals()
        assert now["samples"] >= before["samples"]
        assert now["energy_kwh"] >= before["energy_kwh"]
        if now["samples"] > before["samples"] and now["emissions_kg"] > before["emissions_kg"]:
            return
        time.sleep(0.5)  # between two questions, not instead of one
    pytest.fail(f"no new sample within 90 s: still {before['samples']:.0f}")
