"""Environments come from the inventory: never an empty one, never one with a host in both."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.operation import Inventory, environments
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

SETTINGS = {
    "environment_compose_file": "compose.yml",
    "environment_env_example": ".env.example",
    "environment_address": "127.0.0.1",
    "environment_state": "/var/lib/tta-ops",
}


def inventory(staging: list[str], production: list[str], limit: str = "", **changed: Any) -> Inventory:
    hosts = ["localhost", *staging, *production]
    limited = [host for host in hosts if not limit or host == limit]
    variables = {host: {key: value for key, value in (SETTINGS | changed).items() if value} for host in hosts}
    return Inventory({"staging": staging, "production": production}, frozenset(limited), variables, limit)


def test_each_group_with_hosts_is_an_environment() -> None:
    found = environments(inventory(["s1", "s2"], ["p1"]), ["staging"])
    assert found["staging"]["hosts"] == ["s1", "s2"]
    own = found["production"]
    assert own.pop("approval") == {"people": [], "by_another": False, "days": 14}
    assert own.pop("calendar") == {"freezes": [], "windows": []}
    assert own.pop("watch")["hours"] == 24
    assert own.pop("watched_seconds") == 0
    assert own == {
        "name": "production",
        "hosts": ["p1"],
        "compose_file": "compose.yml",
        "env_example": ".env.example",
        "address": "127.0.0.1",
        "state": "/var/lib/tta-ops",
        "gates": [],
        "blue_green": {},
        "registry": "",
        "hooks": {"pre_deploy": [], "post_deploy": [], "post_rollback": [], "on_failure": []},
    }


def test_no_production_yet_is_fine_for_staging() -> None:
    assert set(environments(inventory(["s1"], []), ["staging"])) == {"staging"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (inventory([], ["p1"]), "the group staging has no hosts"),
        (inventory(["s1"], ["s1"]), "s1 is in staging and in production"),
        (inventory(["s1"], ["p1"], limit="p1"), "--limit p1 leaves out localhost, s1"),
        (inventory(["s1"], ["p1"], limit="s1"), "--limit s1 leaves out localhost"),
        (inventory(["s1"], [], environment_address=""), "environment_address is not set for s1"),
    ],
)
def test_what_cannot_be_acted_on_is_refused(given: Inventory, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        environments(given, ["staging"])
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("seconds", [-1, 3601, True, "60"])
def test_a_deploy_looks_on_for_an_hour_at_most(seconds: object) -> None:
    given = inventory(["s1"], [], environment_watched_seconds=seconds)
    with pytest.raises(Refusal, match="environment_watched_seconds of staging is"):
        environments(given, ["staging"])
    given = inventory(["s1"], [], environment_watched_seconds=300)
    assert environments(given, ["staging"])["staging"]["watched_seconds"] == 300
