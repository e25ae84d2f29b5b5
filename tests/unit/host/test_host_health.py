"""When a release counts as healthy, and how a service is asked."""

from __future__ import annotations

import http.server
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import health, probe


def container(service: str = "web", release: str = "2", **state: Any) -> dict[str, Any]:
    labels = {"com.docker.compose.service": service, "tta.ops.release": release}
    return {
        "Id": f"{service}-{release}",
        "Image": "sha256:1",
        "RestartCount": state.pop("restarts", 0),
        "Config": {"Labels": labels},
        "HostConfig": {"RestartPolicy": {"Name": state.pop("restart", "unless-stopped")}},
        "NetworkSettings": {"Ports": state.pop("ports", {}), "Networks": {"n": {"IPAddress": "172.20.0.2"}}},
        "State": {"Status": "running", "Running": True, "ExitCode": 0, "StartedAt": "t", **state},
    }


def document(**services: dict[str, Any]) -> dict[str, Any]:
    return {"services": {name: {"labels": {"tta.ops.release": "2"}, **one} for name, one in services.items()}}


EVERYWHERE = ".".join("0000")
WEB = document(web={})


@pytest.mark.parametrize(
    ("found", "reason", "hopeless"),
    [
        ([container()], None, False),
        ([container(Health={"Status": "healthy"})], None, False),
        ([container(Health={"Status": "starting"})], "health check says starting", False),
        ([container(Health={"Status": "unhealthy", "Log": [{"Output": "no\nway"}]})], "says unhealthy (no way)", False),
        ([], "no container", False),
        ([container(release="1")], "still the containers of another release", False),
        ([container(Status="created")], "is created", False),
        ([container(Status="restarting", ExitCode=3, restarts=1)], "is restarting", False),
        ([container(Status="restarting", ExitCode=3, restarts=3)], "ended 3 times", True),
        ([container(Status="exited", ExitCode=3, restart="no")], "ended with exit code 3", True),
        ([container(Status="exited", ExitCode=3)], "ended with exit code 3", False),
        ([container(Status="exited", ExitCode=0, restart="no")], "ended with exit code 0", True),
    ],
)
def test_judgement_of_a_service(found: list[dict[str, Any]], reason: str | None, hopeless: bool) -> None:
    judged = health.judge(WEB, found)
    assert judged.ok == (reason is None)
    assert reason is None or reason in judged.waiting[0]
    assert judged.hopeless == hopeless


def test_a_service_that_is_meant_to_end_must_end_well() -> None:
    both = document(web={"depends_on": {"migrate": {"condition": "service_completed_successfully"}}}, migrate={})
    web = container()
    assert health.judge(both, [web, container("migrate", Status="exited")]).ok
    assert not health.judge(both, [web, container("migrate")]).ok
    assert health.judge(both, [web, container("migrate", Status="exited", ExitCode=1)]).hopeless


def test_all_replicas_are_wanted() -> None:
    assert not health.judge(document(web={"scale": 2}), [container()]).ok


def test_services_nobody_could_judge_are_found() -> None:
    bare: dict[str, Any] = {"web": {"Config": {}}}
    assert health.unchecked(WEB, bare, None) == ["web"]
    assert health.unchecked(WEB, bare, {"container": True}) == ["web"]
    assert health.unchecked(WEB, bare, {"service": "web", "port": 80, "tcp": True}) == []
    assert health.unchecked(document(web={"healthcheck": {"test": ["CMD", "x"]}}), bare, None) == []
    assert health.unchecked(document(web={"healthcheck": {"disable": True}}), bare, None) == ["web"]
    assert health.unchecked(WEB, {"web": {"Config": {"Healthcheck": {"Test": ["CMD", "x"]}}}}, None) == []
    assert health.unchecked(WEB, {"web": {"Config": {"Healthcheck": {"Test": ["NONE"]}}}}, None) == ["web"]


def test_the_published_port_is_asked_else_the_containers_own() -> None:
    wanted = {"service": "web", "port": 8080, "http": "/health"}
    ports = {"8080/tcp": [{"HostIp": EVERYWHERE, "HostPort": "8091"}]}
    assert (health.request(wanted, [container(ports=ports)]) or {})["url"] == "http://127.0.0.1:8091/health"
    assert (health.request(wanted, [container()]) or {})["url"] == "http://172.20.0.2:8080/health"
    assert health.request({"service": "web", "port": 6379, "tcp": True}, [container()]) == {"tcp": "172.20.0.2:6379"}
    assert health.request({"container": True}, [container()]) is None
    assert health.published([container(ports=ports)]) == {"web": {"8080": f"{EVERYWHERE}:8091"}}


def test_a_container_without_health_check_is_no_healthy_sample() -> None:
    assert health.sample_of([container()])["error"] == "the container has no health check"
    assert health.sample_of([container(Health={"Status": "healthy"})])["ok"]
    assert health.sample_of([])["error"] == "no such container"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = {"/bad": 503, "/moved": 301}.get(self.path, 200)
        if self.path == "/hang":
            time.sleep(2)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode() + b" " + b"x" * (100_000 if self.path == "/big" else 0))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    found = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{found.server_port}"
    found.shutdown()
    found.server_close()


def test_http_samples(server: str) -> None:
    good = probe.sample({"url": f"http://{server}/health", "host_header": "carbon.example"})
    assert (good["ok"], good["status"], good["error"]) == (True, 200, None)
    assert good["body"].strip() == "carbon.example"
    assert probe.sample({"url": f"http://{server}/bad"})["error"] == "HTTP 503"
    assert not probe.sample({"url": f"http://{server}/moved"})["ok"]
    assert len(probe.sample({"url": f"http://{server}/big"})["body"]) == probe.BODY_LIMIT
    hung = probe.sample({"url": f"http://{server}/hang", "timeout": 0.2})
    assert (hung["ok"], hung["error"]) == (False, "no answer in time")


def test_tcp_samples(server: str) -> None:
    assert probe.sample({"tcp": server})["ok"]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert probe.sample({"tcp": f"127.0.0.1:{unused.getsockname()[1]}"})["error"] == "connection refused"


@pytest.mark.parametrize("request_", [{"url": "ftp://x/"}, {"url": "http://"}, {}, {"tcp": "no-port"}])
def test_requests_that_make_no_sense_are_errors(request_: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is no"):
        probe.sample(request_)


def test_ports_that_are_taken_are_not_free(server: str) -> None:
    address, _, port = server.partition(":")
    assert not probe.is_free(address, int(port), "tcp")
    assert probe.is_free(address, int(port), "udp")
