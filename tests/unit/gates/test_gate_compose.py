"""What keeps a compose file from being deployed, and how one is made safe to run as a development project."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import compose_checks, development
from ansible_collections.tta.ops.plugins.plugin_utils.gates.compose_file import made_up_environment
from ansible_collections.tta.ops.plugins.plugin_utils.gates.port_holders import PortHolders, containers_in

HEALTHY = {"test": ["CMD", "true"]}


def findings(tmp_path: Path, resolved: dict[str, Any], raw: dict[str, Any] | None = None) -> list[str]:
    service = {"image": "carbon:1", "healthcheck": HEALTHY, **resolved}
    found = list(compose_checks.check(raw or {}, service, "carbon", tmp_path, tmp_path, local=True))
    return found + list(compose_checks.health(service, "carbon", tmp_path, []))


def test_a_good_service_has_no_findings(tmp_path: Path) -> None:
    raw = {
        "environment": {"PASSWORD": "${PASSWORD:?set it}", "PASSWORD_FILE": "/run/secrets/x", "MODE": "${MODE:-fast}"}
    }
    assert findings(tmp_path, {}, raw) == []


@pytest.mark.parametrize(
    "image",
    [
        "redis",
        "redis:7",
        "library/redis:7.2-alpine",
        "localhost:5000/a/b:1",
        "ghcr.io/a/b@sha256:" + "0" * 64,
        "sha256:" + "a" * 64,
    ],
)
def test_image_references(tmp_path: Path, image: str) -> None:
    assert findings(tmp_path, {"image": image}) == []


@pytest.mark.parametrize(
    "image", ["prom/prometheus:v2.48.1:latest", "Redis:7", "redis:", "a//b", "redis 7", "x@sha256:12"]
)
def test_malformed_image_references(tmp_path: Path, image: str) -> None:
    (finding,) = findings(tmp_path, {"image": image})
    assert finding.startswith(f"carbon: {image} is no image reference")


@pytest.mark.parametrize(
    ("resolved", "finding"),
    [
        (
            {"container_name": "c", "deploy": {"replicas": 2}},
            "carbon has container_name c and 2 replicas: a name is for one",
        ),
        ({"container_name": "c", "scale": 3}, "carbon has container_name c and 3 replicas: a name is for one"),
        ({"healthcheck": None}, "carbon has no health check"),
        ({"healthcheck": {"disable": True}}, "carbon has no health check"),
        ({"healthcheck": {"test": ["NONE"]}}, "carbon has no health check"),
        ({"image": None}, "carbon has neither an image nor a build"),
    ],
)
def test_what_cannot_be_deployed(tmp_path: Path, resolved: dict[str, Any], finding: str) -> None:
    assert findings(tmp_path, resolved) == [finding]


def test_a_missing_file_is_named_as_in_the_monorepo(tmp_path: Path) -> None:
    mount = {"type": "bind", "source": str(tmp_path / "conf/redis.conf"), "target": "/x"}
    assert findings(tmp_path, {"volumes": [mount]}) == ["carbon mounts conf/redis.conf, which is not in the commit"]
    build = {"context": str(tmp_path), "dockerfile": "docker/Dockerfile"}
    assert findings(tmp_path, {"build": build}) == ["carbon is built by docker/Dockerfile, which is not in the commit"]


def test_a_health_check_in_the_dockerfile_counts(tmp_path: Path) -> None:
    build = {"context": str(tmp_path), "dockerfile": "Dockerfile"}
    (tmp_path / "Dockerfile").write_text("FROM x\nHEALTHCHECK CMD true\n")
    assert findings(tmp_path, {"build": build, "healthcheck": None}) == []
    (tmp_path / "Dockerfile").write_text("FROM x\nHEALTHCHECK CMD true\nHEALTHCHECK NONE\n")
    assert findings(tmp_path, {"build": build, "healthcheck": None}) == ["carbon has no health check"]


def test_a_service_that_runs_once_needs_no_health_check(tmp_path: Path) -> None:
    config = {"services": {"carbon": {"depends_on": {"migrate": {"condition": "service_completed_successfully"}}}}}
    assert list(compose_checks.health({}, "migrate", tmp_path, compose_checks.one_shots(config))) == []


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ({"environment": {"POSTGRES_PASSWORD": "tta"}}, "POSTGRES_PASSWORD stands in the file"),
        ({"environment": ["API_KEY=abc"]}, "API_KEY stands in the file"),
        ({"environment": {"POSTGRES_PASSWORD": "${PW:-tta}"}}, "POSTGRES_PASSWORD has a default for PW in the file"),
        ({"environment": {"X": "a ${REDIS_PASSWORD-tta}"}}, "X has a default for REDIS_PASSWORD in the file"),
        ({"environment": {"NEO4J_AUTH": "neo4j/tta"}}, "NEO4J_AUTH stands in the file"),
        ({"environment": {"URL": "postgres://tta:tta@db/x"}}, "URL has a password in its address"),
        ({"command": "redis-server --requirepass tta"}, "the command has a password in the file"),
        ({"command": ["redis-server", "--requirepass", "tta"]}, "the command has a password in the file"),
        (
            {"command": "x --requirepass ${REDIS_PASSWORD:-tta}"},
            "the command has a default for REDIS_PASSWORD in the file",
        ),
        ({"healthcheck": {"test": "redis-cli -a tta ping"}}, "the health check has a password in the file"),
    ],
)
def test_passwords_in_the_file_are_found_and_not_repeated(raw: dict[str, Any], what: str) -> None:
    (finding,) = compose_checks.passwords(raw, "carbon")
    assert finding == f"carbon: {what}"


@pytest.mark.parametrize(
    "raw",
    [
        {"environment": {"PASSWORD": "${PASSWORD}"}},
        {"environment": {"PASSWORD": None}},
        {"environment": ["PASSWORD"]},
        {"environment": {"PASSWORD": "${PASSWORD:-}"}},
        {"environment": {"URL": "postgres://tta:${PASSWORD}@db/x"}},
        {"command": "redis-server --requirepass $$PASSWORD"},
        {"healthcheck": {"test": ["CMD-SHELL", "redis-cli -a ${PASSWORD} ping"]}},
    ],
)
def test_passwords_from_outside_are_fine(raw: dict[str, Any]) -> None:
    assert list(compose_checks.passwords(raw, "carbon")) == []


def listing(**labels: str) -> str:
    joined = ",".join(f"com.docker.compose.{key}={value}" for key, value in labels.items())
    return json.dumps(
        {"Names": "web-1", "Ports": "127.0.0.1:8091->8080/tcp, :::9000-9002->9000-9002/tcp", "Labels": joined}
    )


def held_by(listed: str, port: int, address: str = "") -> str | None:
    return PortHolders(containers_in(listed), ["tta", "tta-carbon"], ["carbon"]).holder(address, port, "tcp")


def test_a_port_is_held_by_a_container() -> None:
    assert held_by(listing(project="shop", service="carbon"), 8091) == "the container web-1"
    assert held_by(listing(project="tta", service="other"), 9001) == "the container web-1"
    assert held_by(listing(project="shop", service="x"), 8091, "127.0.0.1") == "the container web-1"


def test_a_port_is_held_by_the_component_itself() -> None:
    assert held_by(listing(project="tta-carbon", service="carbon"), 8091) is None


def test_a_port_is_held_by_a_process() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert f"(PID {os.getpid()})" in (held_by("", port, "127.0.0.1") or "")
    assert held_by("", port, "127.0.0.1") is None


def test_ports_of_a_service() -> None:
    service = {
        "ports": [
            {"published": "8091", "host_ip": "127.0.0.1"},
            {"published": "90-91", "protocol": "udp"},
            {"target": 1},
        ]
    }
    assert compose_checks.ports(service) == [("127.0.0.1", 8091, "tcp"), ("", 90, "udp"), ("", 91, "udp")]


def test_made_up_environments_have_a_value_for_every_secret() -> None:
    text, values = made_up_environment("# x\nPORT=80\nREDIS_PASSWORD=change-me\nAPI_TOKEN=\nNAME=<name>\n")
    lines = text.splitlines()
    assert lines[:2] == ["# x", "PORT=80"]
    assert [line.partition("=")[0] for line in lines[2:]] == ["REDIS_PASSWORD", "API_TOKEN", "NAME"]
    assert [line.partition("=")[2] for line in lines[2:]] == values
    assert len(set(values)) == 3


CONFIG: dict[str, Any] = {
    "name": "tta",
    "services": {
        "carbon": {
            "build": {"context": "/x"},
            "container_name": "carbon",
            "restart": "always",
            "ports": [{"target": 8080, "published": "8081", "host_ip": "10.0.0.1"}],
            "depends_on": {"redis": {"condition": "service_healthy"}, "web": {}, "migrate": {}},
            "networks": {"tta": {"ipv4_address": "10.0.0.9", "aliases": ["c"]}},
            "deploy": {"replicas": 3, "resources": {}},
        },
        "redis": {"image": "redis"},
        "migrate": {"image": "migrate"},
        "web": {"image": "web"},
    },
    "networks": {"tta": {"name": "tta_tta", "external": True, "ipam": {"config": []}}},
    "volumes": {"data": {"name": "precious", "external": True}},
}


def test_the_development_project_has_nothing_of_the_machine_s(tmp_path: Path) -> None:
    names = development.needed(CONFIG, ["carbon", "redis"], {"web"})
    assert names == ["carbon", "redis", "migrate"]
    project = development.rendered(CONFIG, names, {"carbon": "sha256:1"}, tmp_path)
    carbon = project["services"]["carbon"]
    assert carbon["ports"] == [{"target": 8080, "protocol": "tcp", "host_ip": "127.0.0.1", "mode": "ingress"}]
    assert (carbon["image"], carbon["pull_policy"]) == ("sha256:1", "never")
    assert not {"build", "container_name", "restart"} & carbon.keys()
    assert carbon["depends_on"].keys() == {"redis", "migrate"}
    assert carbon["networks"] == {"tta": {"aliases": ["c"]}}
    assert "replicas" not in carbon["deploy"]
    assert (project["networks"], project["volumes"]) == ({"tta": {}}, {"data": {}})
    assert "name" not in project


@pytest.mark.parametrize(
    "service",
    [
        {"network_mode": "host"},
        {"privileged": True},
        {"volumes": [{"type": "bind", "source": "/var/lib/tta", "target": "/x"}]},
        {"volumes": [{"type": "bind", "source": "/run/docker.sock", "target": "/x", "read_only": True}]},
    ],
)
def test_a_service_that_would_touch_the_machine_is_refused(tmp_path: Path, service: dict[str, Any]) -> None:
    with pytest.raises(development.NotIsolated, match="carbon w"):
        development.rendered({"services": {"carbon": service}}, ["carbon"], {}, tmp_path)


def test_reading_from_the_machine_is_allowed(tmp_path: Path) -> None:
    mount = {"type": "bind", "source": "/etc/ssl", "target": "/x", "read_only": True}
    assert development.rendered({"services": {"carbon": {"volumes": [mount]}}}, ["carbon"], {}, tmp_path)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"State": "running", "Health": "healthy"}, ([], [])),
        ({"State": "running", "Health": "starting"}, (["carbon (starting)"], [])),
        ({"State": "running", "Health": "unhealthy"}, (["carbon (unhealthy)"], [])),
        ({"State": "running", "Health": ""}, (["carbon (no health check)"], [])),
        ({"State": "exited", "ExitCode": 0}, ([], [])),
        ({"State": "exited", "ExitCode": 3}, ([], ["carbon ended with exit code 3"])),
        ({"State": "exited"}, ([], ["carbon ended with exit code None"])),
        ({"State": "created"}, (["carbon (created)"], [])),
    ],
)
def test_who_is_waited_for(state: dict[str, Any], expected: tuple[list[str], list[str]]) -> None:
    assert development.waiting_for([{"Service": "carbon", **state}], ["carbon"]) == expected


def test_projects_of_runs_that_are_no_more() -> None:
    listing = "gate-a here:1\ngate-a here:1\ngate-b here:2\ngate-c there:1\ngate-d \n"
    assert development.orphaned(listing, "here", lambda pid: pid == 2) == ["gate-a"]


def test_a_service_without_containers_is_waited_for() -> None:
    assert development.waiting_for([], ["carbon"]) == (["carbon (no container)"], [])
