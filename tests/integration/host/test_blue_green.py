"""Blue and green on a real engine, under load: nobody notices a deploy, a rollback, or a release that is no good."""

from __future__ import annotations

import pytest
from tiny.host import Host
from tiny.load import Load

pytestmark = pytest.mark.engine


def load(host: Host, **how: object) -> Load:
    return Load(host.monorepo.name, host.monorepo.port, **how)  # type: ignore[arg-type]


def test_deploys_and_rollbacks_lose_no_request(host: Host) -> None:
    host.monorepo.in_colours(warm=600)
    first = host.deploy()
    assert (first["code"], first["outcome"], first["strategy"]) == (0, "deployed", "blue-green"), first
    assert first["published"] == {"web": {"8080": f"127.0.0.1:{host.monorepo.port}"}}
    host.monorepo.commit("fine second")
    with load(host) as users:
        second = host.deploy()
        back = host("rollback", "web")
        again = host("rollback", "web", "--release", "2")
    assert (second["outcome"], second["current"], second["previous"]) == ("deployed", 2, 1), second
    assert (back["outcome"], back["current"], again["current"]) == ("returned", 1, 2), back
    assert users.failures == []
    assert users.requests > 200 and users.inside > 20 and users.echoes > 10
    assert set(users.releases) == {"fine", "fine-second"}
    print(users.requests, second["receipt"], back["receipt"], second["message"], back["message"], sep="\n")
