"""Deploys on a real engine: the first, the same again, the next, and those that must not stay."""

from __future__ import annotations

import pytest
from tiny_host import Host

pytestmark = pytest.mark.engine


def test_first_deploy_serves_and_is_recorded(host: Host) -> None:
    found = host.deploy()
    assert (found["code"], found["outcome"], found["changed"]) == (0, "deployed", True), found
    assert found["published"] == {"web": {"8080": f"127.0.0.1:{host.monorepo.port}"}}
    assert host.answer() == '{"status": "ok"}'
    assert host.events() == [("deployed", 1)]
    assert host.current() == "releases/1"
    assert found["release"]["artifact"]["images"]["web"]["id"] == found["containers"][0]["image"]


def test_the_same_again_touches_nothing(host: Host) -> None:
    host.deploy()
    before = host.tree(), host.containers()
    found = host.deploy()
    assert (found["code"], found["outcome"], found["changed"]) == (0, "unchanged", False), found
    assert (host.tree(), host.containers()) == before
