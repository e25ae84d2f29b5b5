"""A throw-away service: alone, without network, ports or names, with volumes of its own."""

from __future__ import annotations

from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host.backup import documents

RELEASE: dict[str, Any] = {
    "name": "shop-db",
    "services": {
        "db": {
            "image": "sha256:1", "command": ["run"], "environment": {"PASSWORD": "x"}, "ports": [{"target": 5432}],
            "container_name": "the-db", "networks": {"tta": None}, "depends_on": {"other": {}}, "restart": "always",
            "labels": {"tta.ops.component": "db"}, "configs": [{"source": "conf"}], "deploy": {"replicas": 2},
            "volumes": [
                {"type": "volume", "source": "data", "target": "/data"},
                {"type": "bind", "source": "./conf/a", "target": "/etc/a", "read_only": True},
                {"type": "bind", "source": "/srv/files", "target": "/files"},
            ],
        },
        "other": {"image": "sha256:2"},
    },
    "networks": {"tta": {"external": True, "name": "shop_tta"}},
    "volumes": {"data": {"external": True, "name": "shop_data"}, "more": {"external": True, "name": "shop_more"}},
    "configs": {"conf": {"file": "./conf/b"}, "unused": {"file": "./conf/c"}},
}  # fmt: skip


def test_a_throw_away_service_reaches_nobody_and_nobody_it() -> None:
    found = documents.document(RELEASE, "db", "shop-db-verify", documents.VERIFY)
    assert set(found) == {"name", "services", "volumes", "configs"}
    own = found["services"]["db"]
    assert own["network_mode"] == "none"
    assert not {"ports", "networks", "container_name", "depends_on", "labels", "deploy"} & set(own)
    assert own["restart"] == "no"
    assert (own["image"], own["command"], own["environment"]) == ("sha256:1", ["run"], {"PASSWORD": "x"})


def test_it_never_gets_the_volumes_and_folders_of_the_release() -> None:
    found = documents.document(RELEASE, "db", "shop-db-verify", documents.VERIFY)
    assert "shop_data" not in str(found)
    assert "/srv/files" not in str(found)
    assert found["volumes"] == {
        "data": {"name": "shop-db-verify_data"},
        "bind-files": {"name": "shop-db-verify_bind-files"},
    }
    assert [one["target"] for one in found["services"]["db"]["volumes"]] == ["/data", "/etc/a", "/files"]


def test_a_restore_gets_exactly_those() -> None:
    found = documents.document(RELEASE, "db", "shop-db-restore", documents.RESTORE)
    assert found["volumes"] == {"data": {"external": True, "name": "shop_data"}}
    assert found["services"]["db"]["volumes"] == RELEASE["services"]["db"]["volumes"]
    assert found["configs"] == {"conf": {"file": "./conf/b"}}
    assert found["services"]["db"]["network_mode"] == "none"
