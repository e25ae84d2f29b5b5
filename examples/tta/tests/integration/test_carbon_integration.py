"""Carbon with its real PostgreSQL and Redis. CARBON_URL says where it runs, for example http://127.0.0.1:18081."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import requests


@pytest.fixture(scope="module")
def url() -> str:
    value = os.environ.get("CARBON_URL", "")
    if not value:
        pytest.fail(
            "CARBON_URL is missing: say where carbon runs, for example CARBON_URL=http://127.0.0.1:18081"
        )
    return value


def get(url: str, path: str) -> requests.Response:
    return requests.get(url + path, timeout=5)


def eventually(question: Callable[[], Any], wanted: str, seconds: float = 30) -> Any:
    """Ask until the answer is true, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.2)  # between two questions, not instead of one
    return pytest.fail(f"not within {seconds:.0f} s: {wanted}")


def test_carbon_reaches_postgres_and_redis(url: str) -> None:
    answer = get(url, "/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_carbon_sees_both_dependencies_up(url: str) -> None:
    lines = get(url, "/metrics").text.splitlines()
    assert 'carbon_dependency_up{dependency="postgres"} 1.0' in lines
    assert 'carbon_dependency_up{dependency="redis"} 1.0' in lines


def test_carbon_stores_what_codecarbon_measures(url: str) -> None:
    def some() -> dict[str, Any] | None:
        content = get(url, "/emissions").json()
        return content if content["totals"]["samples"] > 0 else None

    content = eventually(some, "a first sample in PostgreSQL")
    newest = content["last"][0]
    assert newest["energy_kwh"] >= 0
    assert newest["seconds"] > 0
    assert datetime.fromisoformat(newest["taken"]) >= datetime.fromisoformat(content["totals"]["since"])


def test_carbon_caches_the_report_in_redis(url: str) -> None:
    def hit() -> bool:
        return get(url, "/emissions").headers["X-Cache"] == "hit"

    eventually(hit, "a second answer out of Redis", seconds=10)


def test_carbon_answers_in_json_what_it_does_not_know(url: str) -> None:
    answer = get(url, "/nothing")
    assert (answer.status_code, answer.json()["known"]) == (404, ["/emissions", "/health", "/metrics"])
