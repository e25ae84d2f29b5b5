"""From the user's resolved Compose file to the project of one component."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import canonical, compose, environment
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError

SOURCE = "/state/incoming/source"
RESOLVED: dict[str, Any] = {
    "name": "tta",
    "networks": {"default": {"name": "tta_default", "ipam": {}}, "edge": {"name": "edge", "external": True}},
    "volumes": {
        "data": {"name": "tta_data", "driver": "local", "driver_opts": {"type": "tmpfs"}},
        "other": {"name": "tta_other"},
    },
    "configs": {"prometheus": {"file": f"{SOURCE}/monitoring/prometheus.yml"}},
    "services": {
        "carbon": {
            "build": {"context": f"{SOURCE}/src", "dockerfile": "docker/carbon/Dockerfile", "args": {"A": "1"}},
            "profiles": ["app"],
            "container_name": "carbon",
            "depends_on": {
                "redis": {"condition": "service_healthy"},
                "migrate": {"condition": "service_completed_successfully"},
            },
            "environment": {"PASSWORD": "s3$$cret-value"},
            "links": ["redis"],
            "networks": {"default": None, "edge": None},
            "ports": [
                {"target": 8080, "published": "8091", "host_ip": "127.0.0.1", "protocol": "tcp"},
                {"target": 9000, "protocol": "tcp"},
                {"target": 9001, "published": "9001-9005", "protocol": "tcp"},
            ],
            "volumes": [
                {"type": "bind", "source": f"{SOURCE}/conf/x.yml", "target": "/x.yml"},
                {"type": "bind", "source": "/etc/hosts", "target": "/h"},
                {"type": "volume", "source": "data", "target": "/data"},
                {"type": "tmpfs", "target": "/cache"},
            ],
            "configs": [{"source": "prometheus", "target": "/p.yml"}],
            "labels": {"own": "label"},
        },
        "migrate": {"image": "tta:latest", "networks": {"default": None}},
        "redis": {
            "image": "redis:7",
            "networks": {"default": None},
            "volumes": [{"type": "volume", "source": "other", "target": "/d"}],
        },
    },
}
IMAGES = {"carbon": "sha256:aaa", "migrate": "sha256:bbb"}


@pytest.fixture
def resolved() -> dict[str, Any]:
    return copy.deepcopy(RESOLVED)


def project(resolved: dict[str, Any]) -> dict[str, Any]:
    return compose.project(resolved, "carbon", ["carbon", "migrate"], IMAGES, SOURCE)


def test_only_the_components_services_remain_with_pinned_images(resolved: dict[str, Any]) -> None:
    found = project(resolved)
    assert found["name"] == "tta-carbon"
    assert {name: (one["image"], one["pull_policy"]) for name, one in found["services"].items()} == {
        "carbon": ("sha256:aaa", "never"),
        "migrate": ("sha256:bbb", "never"),
    }
    carbon = found["services"]["carbon"]
    assert not {"build", "profiles", "links"} & set(carbon)
    assert list(carbon["depends_on"]) == ["migrate"]
    assert resolved == RESOLVED


def test_networks_and_volumes_are_external_under_the_names_compose_gives(resolved: dict[str, Any]) -> None:
    found = project(resolved)
    assert found["networks"] == {
        "default": {"external": True, "name": "tta_default"},
        "edge": {"external": True, "name": "edge"},
    }
    assert found["volumes"] == {"data": {"external": True, "name": "tta_data"}}


def test_paths_of_the_commit_become_relative_and_others_stay(resolved: dict[str, Any]) -> None:
    found = project(resolved)
    sources = [mount.get("source") for mount in found["services"]["carbon"]["volumes"]]
    assert sources == ["./conf/x.yml", "/etc/hosts", "data", None]
    assert found["configs"]["prometheus"]["file"] == "./monitoring/prometheus.yml"
    assert compose.own_files(found) == ["conf/x.yml", "monitoring/prometheus.yml"]


def test_what_is_shared_is_created_as_compose_would(resolved: dict[str, Any]) -> None:
    found = {one.name: one for one in compose.shared(resolved, project(resolved))}
    assert set(found) == {"tta_default", "edge", "tta_data"}
    assert found["edge"].declared_external
    assert "--label=com.docker.compose.network=default" in found["tta_default"].options
    assert found["tta_data"].options == [
        "--label=com.docker.compose.project=tta",
        "--label=com.docker.compose.volume=data",
        "--driver=local",
        "--opt=type=tmpfs",
    ]


def test_labels_say_to_which_release_a_container_belongs(resolved: dict[str, Any]) -> None:
    found = compose.labelled(project(resolved), "carbon", "staging", 7)
    labels = {"tta.ops.component": "carbon", "tta.ops.environment": "staging", "tta.ops.release": "7"}
    assert found["services"]["carbon"]["labels"] == {"own": "label", **labels}


def test_fixed_ports_replicas_and_services_that_end(resolved: dict[str, Any]) -> None:
    found = project(resolved)
    assert compose.ports(found) == [compose.Port("carbon", "127.0.0.1", 8091, "tcp", 8080)]
    assert compose.runs_once(found) == {"migrate"}
    assert [compose.replicas(one) for one in ({}, {"scale": 0}, {"deploy": {"replicas": 3}})] == [1, 0, 3]


@pytest.mark.parametrize(
    ("tie", "sentence"),
    [
        ({"network_mode": "service:redis"}, "shares a namespace or volumes with redis"),
        ({"volumes_from": ["redis:ro"]}, "shares a namespace or volumes with redis"),
        ({"links": ["redis:cache"]}, "give redis the network alias cache"),
    ],
)
def test_ties_to_another_component_are_refused(resolved: dict[str, Any], tie: dict[str, Any], sentence: str) -> None:
    resolved["services"]["carbon"].update(tie)
    with pytest.raises(HostError, match=sentence):
        project(resolved)


def test_services_that_are_not_there_are_named_with_those_that_are(resolved: dict[str, Any]) -> None:
    with pytest.raises(HostError, match="no service cabron of carbon: it has carbon, migrate, redis"):
        compose.require_services(resolved, "carbon", ["cabron"])
    with pytest.raises(HostError, match="no services of its own"):
        compose.require_services(resolved, "library", [])


def test_builds_see_the_files_of_the_artifact_only(resolved: dict[str, Any]) -> None:
    found = compose.build_document(
        resolved, {"carbon": "tta-ops/carbon:1"}, {"tta.ops.tree": "t"}, SOURCE, "/state/incoming/build"
    )
    service = found["services"]["carbon"]
    assert service["image"] == "tta-ops/carbon:1"
    assert service["build"]["context"] == "/state/incoming/build/src"
    assert (service["build"]["args"], service["build"]["labels"]) == ({"A": "1"}, {"tta.ops.tree": "t"})
    resolved["services"]["carbon"]["build"]["context"] = "https://example.org/repo.git"
    with pytest.raises(HostError, match="not part of the monorepo"):
        compose.build_document(resolved, {"carbon": "x"}, {}, SOURCE, "/b")


def test_hash_says_nothing_about_values_but_tells_documents_apart(resolved: dict[str, Any]) -> None:
    found = project(resolved)
    values = {"PASSWORD": "s3$cret-value"}
    masked = environment.masked(found, values)
    assert "cret" not in str(masked)
    resolved["services"]["carbon"]["environment"]["PASSWORD"] = "other-value"
    again = environment.masked(project(resolved), {"PASSWORD": "other-value"})
    assert canonical.sha256(masked) == canonical.sha256(again)
    resolved["services"]["carbon"]["command"] = ["serve"]
    assert canonical.sha256(environment.masked(project(resolved), {"PASSWORD": "other-value"})) != canonical.sha256(
        masked
    )
