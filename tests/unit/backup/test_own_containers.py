"""Which containers a backup may stop: those of the component's own projects; another's of the same name never."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host.backup.streams import Streams
from ansible_collections.tta.ops.plugins.module_utils.host.backup.work import Work


class Engine:
    """Has the same component, environment and service in three places."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def project(self, name: str) -> list[dict[str, Any]]:
        self.asked.append(name)
        mine = {"shop-db": "db", "shop-db-blue": "db-blue", "other-db": "db"}
        if name not in mine:
            return []
        labels = {"com.docker.compose.service": mine[name], "tta.ops.component": "db", "tta.ops.environment": "staging"}
        own = {**labels, "tta.ops.service": "db"} if name.endswith("blue") else labels
        return [
            {"Id": name, "Config": {"Labels": own}},
            {"Id": f"{name}-x", "Config": {"Labels": {"com.docker.compose.service": "x"}}},
        ]


def test_only_the_components_own_projects_are_asked() -> None:
    engine = Engine()
    release = SimpleNamespace(facts={"project": "shop-db"})
    context: Any = SimpleNamespace(engine=engine, store=SimpleNamespace(current=lambda: release), title="db on staging")
    found = Work(context, Streams()).containers("db")
    assert [one["Id"] for one in found] == ["shop-db", "shop-db-blue"]
    assert set(engine.asked) == {"shop-db", "shop-db-blue", "shop-db-green"}
