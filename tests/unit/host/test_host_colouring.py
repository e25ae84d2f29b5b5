"""A release as one colour runs it, what the edge takes over from it, and what keeps it from running twice."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import colouring, edge_document, routes
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.settings import Settings, parse, record, strategy

LABELS = {"tta.ops.component": "carbon", "tta.ops.environment": "staging", "tta.ops.release": "8"}
RELEASE: dict[str, Any] = {
    "name": "tta-carbon",
    "services": {
        "carbon": {
            "image": "sha256:aaa",
            "container_name": "tta_carbon",
            "depends_on": {"worker": {"condition": "service_started"}},
            "expose": ["9100"],
            "labels": {**LABELS, "own": "label", "traefik.enable": "true"},
            "links": ["worker", "worker:helper"],
            "mem_limit": "268435456",
            "networks": {"default": {"aliases": ["co2"]}, "edge": None},
            "ports": [{"target": 8080, "published": "8091", "host_ip": "127.0.0.1", "protocol": "tcp"}],
            "volumes": [
                {"type": "bind", "source": "./conf", "target": "/conf"},
                {"type": "volume", "source": "data", "target": "/data", "read_only": True},
            ],
            "volumes_from": ["worker:ro"],
        },
        "worker": {
            "image": "sha256:bbb",
            "deploy": {"replicas": 2, "resources": {"limits": {"memory": "134217728"}}},
            "labels": LABELS,
            "network_mode": "service:carbon",
        },
    },
    "networks": {"default": {"external": True, "name": "tta_default"}, "edge": {"external": True, "name": "edge"}},
}
PROBE = {"service": "carbon", "port": 8080, "http": "/health"}
IMAGES = {"carbon": {"Config": {"ExposedPorts": {"8080/tcp": {}, "53/udp": {}}}}}


@pytest.fixture
def release() -> dict[str, Any]:
    return copy.deepcopy(RELEASE)


def test_a_colour_has_neither_ports_nor_names_of_the_user(release: dict[str, Any]) -> None:
    found = colouring.coloured(release, "green")
    assert found["name"] == "tta-carbon-green"
    carbon = found["services"]["carbon-green"]
    assert not {"ports", "container_name"} & set(carbon)
    assert carbon["networks"] == {
        "default": {"aliases": ["carbon.green.tta-carbon"]},
        "edge": {"aliases": ["carbon.green.tta-carbon"]},
    }
    assert carbon["labels"] == {
        **LABELS, "own": "label", "tta.ops.colour": "green", "tta.ops.service": "carbon",
    }  # fmt: skip
    assert release == RELEASE


def test_what_ties_the_services_together_follows_the_colour(release: dict[str, Any]) -> None:
    found = colouring.coloured(release, "blue")["services"]
    assert list(found["carbon-blue"]["depends_on"]) == ["worker-blue"]
    assert found["carbon-blue"]["links"] == ["worker-blue:worker", "worker-blue:helper"]
    assert found["carbon-blue"]["volumes_from"] == ["worker-blue:ro"]
    assert found["worker-blue"]["network_mode"] == "service:carbon-blue"


def test_the_edge_takes_over_ports_names_and_other_proxies_labels(release: dict[str, Any]) -> None:
    found = edge_document.document(release, routes.routes(release, IMAGES, PROBE, Settings()), "sha256:e", "/s/edge")
    edge = found["services"]["edge"]
    assert found["name"] == "tta-carbon-edge"
    assert edge["ports"][0] == RELEASE["services"]["carbon"]["ports"][0]
    assert edge["ports"][1:] == [{"target": 28080, "host_ip": "127.0.0.1", "protocol": "tcp", "mode": "ingress"}]
    assert edge["networks"]["default"]["aliases"] == ["carbon", "co2", "tta_carbon"]
    assert edge["labels"]["traefik.enable"] == "true"
    assert edge["labels"]["tta.ops.ports"] == '{"8080": "carbon", "9100": "carbon"}'
    assert "tta.ops.release" not in edge["labels"]
    assert found["networks"] == RELEASE["networks"]


def test_a_trial_edge_takes_nothing(release: dict[str, Any]) -> None:
    found = routes.routes(release, IMAGES, PROBE, Settings())
    edge = edge_document.document(release, found, "sha256:e", "/s/trial", edge_document.TRIAL)["services"]["edge"]
    assert [port["target"] for port in edge["ports"]] == [28080]
    assert edge["networks"] == {"default": {}, "edge": {}}
    assert not any(label.startswith("traefik") for label in edge["labels"])


def test_an_edge_is_replaced_for_its_ports_and_not_for_its_image(release: dict[str, Any]) -> None:
    found = routes.routes(release, IMAGES, PROBE, Settings())
    first = edge_document.definition(edge_document.document(release, found, "sha256:e", "/s"))
    assert edge_document.definition(edge_document.document(release, found, "sha256:other", "/s")) == first
    release["services"]["carbon"]["ports"][0]["published"] = "8092"
    assert edge_document.definition(edge_document.document(release, found, "sha256:e", "/s")) != first


def test_published_ports_are_told_by_the_users_service() -> None:
    one = {
        "Config": {"Labels": {"tta.ops.ports": '{"8080": "carbon", "9100": "carbon"}'}},
        "NetworkSettings": {
            "Ports": {
                "8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8091"}],
                "28080/tcp": [{"HostIp": "127.0.0.1", "HostPort": "40000"}],
                "9100/tcp": None,
            }
        },
    }
    assert edge_document.published([one]) == {"carbon": {"8080": "127.0.0.1:8091"}}


def test_routes_are_all_that_is_declared_and_what_health_asks(release: dict[str, Any]) -> None:
    found = routes.routes(release, IMAGES, PROBE, Settings(http=(9100,)))
    assert [(one.port, one.http, one.slots) for one in found] == [(8080, True, 2), (9100, True, 2)]
    assert found[0].check == routes.Check("http", 8080, "/health", None)
    tcp = routes.routes(release, {}, {"service": "carbon", "port": 6379, "tcp": True}, Settings())
    assert [(one.port, one.http) for one in tcp] == [(6379, False), (8080, False), (9100, False)]
    release["services"]["carbon"]["scale"] = 5
    assert routes.routes(release, {}, PROBE, Settings())[0].slots == 8
    assert routes.judged(found, PROBE) == found[0]
    assert routes.judged(found, {"container": True}) is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ports": [{"target": 53, "protocol": "udp"}]}, "publishes 53/udp, which the edge cannot hold"),
        ({"networks": {}}, "in no network where an edge could find it"),
    ],
)
def test_ports_an_edge_cannot_hold_are_refused(release: dict[str, Any], change: dict[str, Any], sentence: str) -> None:
    release["services"]["carbon"].update(change)
    with pytest.raises(HostError, match=sentence):
        routes.routes(release, IMAGES, PROBE, Settings())


def test_two_services_on_one_port_and_none_at_all_are_refused(release: dict[str, Any]) -> None:
    release["services"]["worker"].update(expose=["8080"], networks={"default": None})
    with pytest.raises(HostError, match="carbon and worker both listen on 8080"):
        routes.routes(release, {}, PROBE, Settings())
    for service in release["services"].values():
        service.pop("expose", None), service.pop("ports", None)
    with pytest.raises(HostError, match="nothing to switch"):
        routes.routes(release, {}, None, Settings())


def test_preview_ports_are_ports() -> None:
    assert [routes.preview_port(one) for one in (80, 8080, 45535, 45536, 65535)] == [20080, 28080, 65535, 25536, 45535]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"network_mode": "host"}, "uses the host's own network"),
        ({"networks": {"default": {"ipv4_address": "10.0.0.2"}}}, "has a fixed ipv4_address in the network default"),
        ({"mac_address": "02:42:ac:11:65:43"}, "has a fixed mac_address"),
        ({"volumes": [{"type": "volume", "source": "data", "target": "/d"}]}, "writes to the volume data"),
        ({"volumes": [{"type": "bind", "source": "/srv/up", "target": "/d"}]}, "writes to the folder /srv/up"),
    ],
)
def test_what_cannot_run_twice_is_refused_in_a_sentence(
    release: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    assert colouring.cannot_run_twice(release, Settings()) is None
    release["services"]["carbon"].update(change)
    found = colouring.cannot_run_twice(release, Settings())
    assert found is not None and found.startswith("carbon ") and sentence in found and "stop-first" in found


def test_what_two_may_write_can_be_declared(release: dict[str, Any]) -> None:
    release["services"]["carbon"]["volumes"] = [{"type": "volume", "source": "data", "target": "/d"}]
    assert colouring.cannot_run_twice(release, Settings(shares=("data",))) is None


def test_memory_for_two_is_counted(release: dict[str, Any]) -> None:
    need = 512 << 20
    assert colouring.memory_limit(release) == need
    assert colouring.memory_available("MemTotal: 9 kB\nMemAvailable:     524288 kB\n") == need
    assert colouring.memory_available("nonsense") is None
    assert colouring.too_little_memory(need, need) is None
    assert colouring.too_little_memory(None, 0) is None
    assert colouring.too_little_memory(need, 300 << 20, 212 << 20) is None
    found = colouring.too_little_memory(need, 300 << 20)
    assert found is not None and "up to 512 MiB" in found and "300 MiB are available" in found and "stop-first" in found
    del release["services"]["carbon"]["mem_limit"]
    assert colouring.memory_limit(release) is None


def test_settings_are_checked_and_come_back_as_they_were() -> None:
    assert parse(None) == Settings()
    assert parse(record(Settings(drain=5, http=(9100,)))) == Settings(drain=5, http=(9100,))
    for bad in ({"drian": 5}, {"drain": "5"}, {"warm": -1}, {"probes": True}, {"drain": 10**9}):
        with pytest.raises(UsageError):
            parse(bad)
    assert [strategy(one) for one in (None, "stop-first", "blue-green")] == ["stop-first", "stop-first", "blue-green"]
    with pytest.raises(UsageError, match="known are stop-first, blue-green"):
        strategy("canary")
