"""Indicator `container`: what docker prints, and that its secrets are not asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.process import Finished
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.container import FORMAT
from workplace import Workplace, printed

STATE = {
    "Status": "running",
    "ExitCode": 0,
    "OOMKilled": False,
    "StartedAt": "2026-11-20T08:00:00Z",
    "Health": {"Status": "healthy", "Log": [{"Output": "token hunter2"}]},
}
LAMP = {
    "service": "lamp",
    "id": "c1",
    "image": "sha256:1a2b",
    "restarts": 0,
    "state": STATE,
    "host": {"Memory": 268435456, "NanoCpus": 500000000, "PidsLimit": None},
}


def lamp(number: int = 1, service: str = "lamp", restarts: int = 0, **state: Any) -> dict[str, Any]:
    changed = {key: value for key, value in {**STATE, **state}.items() if value is not None}
    return {**LAMP, "id": f"c{number}", "service": service, "restarts": restarts, "state": changed}


def docker(*containers: dict[str, Any], **more: Finished) -> Callable[[list[str]], Finished]:
    def answer(arguments: list[str]) -> Finished:
        if arguments[1] == "ps":
            return more.get("ps") or printed("\n".join(one["id"] for one in containers))
        return more.get("inspect") or printed("\n".join(json.dumps(one) for one in containers))

    return answer


def measured(tmp_path: Path, *containers: dict[str, Any], **more: Any) -> Any:
    return Workplace(tmp_path, docker(*containers, **more)).measure(type="container")


def test_facts_of_a_container(tmp_path: Path) -> None:
    document = measured(tmp_path, LAMP).document
    assert (document["examined"], document["running"], document["restarts"]) == (1, 1, 0)
    assert document["containers"][0]["limits"] == {"memory_bytes": 268435456, "cpus": 0.5, "pids": None}
    assert document["containers"][0]["image"] == "sha256:1a2b"
    assert (document["unlimited"], document["unhealthy"], document["findings"]) == ([], [], [])


def test_what_health_checks_print_is_kept_nowhere(tmp_path: Path) -> None:
    assert "hunter2" not in str(measured(tmp_path, LAMP))


def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    document = measured(
        tmp_path,
        {**lamp(restarts=3, Health={"Status": "unhealthy"}), "host": {"Memory": 0}},
        lamp(2, "worker", Status="exited", ExitCode=137, OOMKilled=True),
        lamp(3, "migrate", Status="exited"),
        lamp(4, "cache", Health=None),
    ).document
    assert document["findings"] == [
        "worker is exited (exit code 137)",
        "lamp is unhealthy",
        "lamp was restarted 3 times",
        "worker was killed for its memory",
    ]
    assert (document["unlimited"], document["unprobed"]) == (["lamp"], ["cache"])


def test_only_the_component_s_containers_in_this_environment_are_asked_for(tmp_path: Path) -> None:
    place = Workplace(tmp_path, docker(LAMP))
    place.measure(type="container")
    assert "label=tta.ops.component=lamp" in place.asked[0]
    assert "label=tta.ops.environment=staging" in place.asked[0]
    assert place.asked[1][-1] == "c1"


def test_the_environment_of_a_container_is_never_asked_for() -> None:
    assert "Env" not in FORMAT
    assert "json .Config}}" not in FORMAT


@pytest.mark.parametrize(
    ("containers", "more", "problem"),
    [
        ([], {}, "lamp has no container in staging: it is not deployed there"),
        (
            [LAMP],
            {"ps": printed("", 1, "Cannot connect to the Docker daemon")},
            "Docker does not answer: Cannot connect",
        ),
        ([LAMP], {"inspect": printed("", 1, "no such object")}, "told of 0 of 1 containers: no such object"),
        ([LAMP, lamp(2)], {"inspect": printed(json.dumps(LAMP))}, "docker inspect told of 1 of 2 containers"),
        ([LAMP], {"inspect": printed("{")}, "what docker inspect printed cannot be read"),
        ([LAMP], {"inspect": printed("{}")}, "what docker inspect printed cannot be read"),
    ],
)
def test_no_facts_are_a_problem(tmp_path: Path, containers: Any, more: Any, problem: str) -> None:
    assert problem in measured(tmp_path, *containers, **more).problem


def test_an_engine_elsewhere_is_a_problem(tmp_path: Path) -> None:
    place = Workplace(tmp_path, docker(LAMP), environment={"local": False, "name": "production"})
    assert "the containers of production run on another machine" in place.measure(type="container").problem
    assert place.asked == []


def test_one_service_of_several(tmp_path: Path) -> None:
    place = Workplace(tmp_path, docker(LAMP, lamp(2, "worker")))
    assert place.measure(type="container", service="worker").document["containers"][0]["id"] == "c2"
    assert place.measure(type="container", service="cache").problem == "lamp has no container of the service cache"
