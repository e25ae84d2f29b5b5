"""The gates that speak to a Docker Engine, and what they leave behind: nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest
from lamp import FILES, Lamps

pytestmark = pytest.mark.engine

COMPOSE = FILES["compose.staging.yml"]


def docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def left_behind(run: str) -> str:
    project = f"label=com.docker.compose.project=tta-gate-lamp-{run.rpartition('-')[2]}"
    found = [
        docker("ps", "--all", "--quiet", "--filter", project),
        docker("volume", "ls", "--quiet", "--filter", project),
        docker("network", "ls", "--quiet", "--filter", project),
        docker("image", "ls", "--quiet", f"tta-gate-lamp-{run.rpartition('-')[2]}-*"),
    ]
    return "".join(found)


@pytest.fixture
def lamps(lamps: Lamps) -> Iterator[Lamps]:
    lamps.run = f"20261120T084501Z-{os.urandom(4).hex()}"
    yield lamps
    assert left_behind(lamps.run) == ""


def built(text: str) -> dict[str, str]:
    """The same component with an image of its own."""
    compose = text.replace("image: tta-base:bookworm", "build: {context: ., dockerfile: Dockerfile}").replace(
        "'./server.py:/server.py:ro', ", ""
    )
    return {
        "Dockerfile": "FROM tta-base:bookworm\nCOPY server.py /server.py\n",
        "compose.staging.yml": compose,
    }


def test_integration_tests_run_against_a_project_that_is_gone_afterwards(lamps: Lamps) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # the file's own port is not used
        port = taken.getsockname()[1]
        lamps.write(**{".env.staging.example": f"LAMP_PORT={port}\nLAMP_PASSWORD=change-me\n"})
        judged = lamps.judge("integration-tests")["integration-tests"]
    assert (judged.verdict["verdict"], judged.verdict["found"], judged.verdict["examined"]) == ("pass", 0, 1)
    assert judged.measurement.document["services"] == ["lamp"]
    told = " ".join(finished.stdout for finished in judged.measurement.commands)
    assert "LAMP_PASSWORD" not in told


def test_images_are_built_for_the_gate_alone(lamps: Lamps) -> None:
    lamps.write(**built(COMPOSE))
    try:
        assert lamps.told("integration-tests") == ("pass", 0, "")
        before = docker("image", "inspect", "--format", "{{.Id}}", "tta-gate-cache/lamp:lamp")
        lamps.write(**{"server.py": FILES["server.py"] + "# another\n"})
        assert lamps.told("integration-tests") == ("pass", 0, "")
        after = docker("image", "inspect", "--format", "{{.Id}}", "tta-gate-cache/lamp:lamp")
        assert before != after
        assert before not in docker("image", "ls", "--all", "--no-trunc", "--quiet")
    finally:
        docker("image", "rm", "tta-gate-cache/lamp:lamp")


def test_failing_integration_tests_fail_by_name(lamps: Lamps) -> None:
    lamps.write(**{"server.py": FILES["server.py"].replace("light", "dark")})
    verdict, found, cause = lamps.told("integration-tests")
    assert (verdict, found) == ("fail", 1)
    assert cause.startswith("tests.integration.test_lamp_integration.test_lamp_answers: ")


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        (
            {"server.py": "print('no bulb')\nraise SystemExit(3)\n"},
            "lamp ended with exit code 3; its last line: no bulb",
        ),
        (
            {"compose.staging.yml": COMPOSE.replace("retries: 30", "disable: true")},
            "not healthy in time: lamp (no health check)",
        ),
        (
            {"compose.staging.yml": COMPOSE.replace("tta-base:bookworm", "no-such/image:1")},
            "docker compose up failed: ",
        ),
        ({**built(COMPOSE), "Dockerfile": "FROM tta-base:bookworm\nRUN false\n"}, "the images could not be built: "),
        (
            {"compose.staging.yml": COMPOSE.replace("services:", "services: []\nx:")},
            "compose.staging.yml has no services",
        ),
        ({"compose.staging.yml": COMPOSE.replace("  lamp:\n", "  bulb:\n")}, "compose.staging.yml has no service lamp"),
        ({"compose.staging.yml": COMPOSE + "nonsense: 1\n"}, "nonsense"),
        ({".env.staging.example": None}, ".env.staging.example is not in the commit"),
        (
            {"compose.staging.yml": COMPOSE.replace("'data:/data'", "'/srv:/data'")},
            "lamp writes to /srv of this machine",
        ),
    ],
)
def test_a_project_that_does_not_start_is_inconclusive(lamps: Lamps, files: dict[str, str | None], cause: str) -> None:
    lamps.entry["tests"]["integration"]["environment"] = {}
    lamps.write(**files)
    lamps.seconds = 20
    verdict, found, why = lamps.told("integration-tests")
    assert (verdict, found) == ("inconclusive", None)
    assert cause in why


def test_an_unpublished_port_is_inconclusive(lamps: Lamps) -> None:
    lamps.entry["tests"]["integration"]["environment"] = {"LAMP_URL": "{url:lamp:9999}"}
    verdict, _, cause = lamps.told("integration-tests")
    assert verdict == "inconclusive"
    assert cause.startswith("lamp does not publish port 9999")


def test_without_integration_tests_nobody_knows(lamps: Lamps) -> None:
    lamps.entry["tests"]["integration"] = None
    verdict, _, cause = lamps.told("integration-tests")
    assert (verdict, cause.partition(" (")[0]) == ("inconclusive", "no integration tests are declared")


def test_a_library_s_integration_tests_need_no_project(lamps: Lamps) -> None:
    lamps.entry["services"] = []
    lamps.write(**{"tests/integration/test_lamp_integration.py": "def test_lamp():\n    assert True\n"})
    assert lamps.told("integration-tests") == ("pass", 0, "")


@pytest.mark.parametrize("gate", ["integration-tests", "compose-file"])
def test_docker_that_does_not_answer_is_inconclusive(lamps: Lamps, monkeypatch: pytest.MonkeyPatch, gate: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    verdict, _, cause = lamps.told(gate)
    assert verdict == "inconclusive"
    assert "Docker does not answer" in cause


def test_a_stopped_run_takes_its_project_away(lamps: Lamps) -> None:
    lamps.write(
        **{"tests/integration/test_lamp_integration.py": "import time\n\ndef test_lamp():\n    time.sleep(300)\n"}
    )
    stop = threading.Event()
    threading.Timer(8, stop.set).start()
    verdict = lamps.judge("integration-tests", stop=stop)["integration-tests"].verdict
    assert verdict["verdict"] == "inconclusive"


def test_what_a_killed_run_has_left_is_taken_away_by_the_next(lamps: Lamps) -> None:
    project = f"tta-gates-test-{os.urandom(3).hex()}"
    process = subprocess.Popen(["true"])
    process.wait()
    labels = [f"com.docker.compose.project={project}", "com.docker.compose.service=lamp"]
    labels += [
        "com.docker.compose.oneoff=False",
        "com.docker.compose.container-number=1",
        "com.docker.compose.config-hash=1",
    ]
    labels.append(f"tta.ops.gate.owner={socket.gethostname()}:{process.pid}")
    flags = [flag for label in labels for flag in ("--label", label)]
    container = docker("run", "--detach", *flags, "tta-base:bookworm", "sleep", "300")
    try:
        assert lamps.told("integration-tests") == ("pass", 0, "")
        assert docker("ps", "--all", "--quiet", "--no-trunc", "--filter", f"id={container}") == ""
    finally:
        subprocess.run(["docker", "rm", "--force", container], check=False, capture_output=True)


# the compose file of the target


def test_a_good_compose_file(lamps: Lamps) -> None:
    assert lamps.told("compose-file") == ("pass", 0, "")


def test_every_finding_is_one_sentence(lamps: Lamps) -> None:
    bad = (
        COMPOSE.replace("'${LAMP_PASSWORD:?set it}'", "'${LAMP_PASSWORD:-light}'")
        .replace("./server.py", "./gone.py")
        .replace("    stop_grace_period: 1s\n", "    deploy: {replicas: 2}\n")
        .partition("    healthcheck:")[0]
    )
    lamps.write(**{"compose.staging.yml": f"{bad}volumes:\n  data: {{}}\n"})
    verdict, found, cause = lamps.told("compose-file")
    assert (verdict, found) == ("fail", 4)
    assert sorted(cause.splitlines()) == [
        "lamp has container_name the-lamp and 2 replicas: a name is for one",
        "lamp has no health check",
        "lamp mounts gone.py, which is not in the commit",
        "lamp: LAMP_PASSWORD has a default for LAMP_PASSWORD in the file",
    ]


def test_an_image_reference_that_compose_itself_refuses_or_not(lamps: Lamps) -> None:
    lamps.write(**{"compose.staging.yml": COMPOSE.replace("tta-base:bookworm", "prom/prometheus:v2.48.1:latest")})
    verdict, _, cause = lamps.told("compose-file")
    assert verdict == "fail"
    assert "prom/prometheus:v2.48.1:latest" in cause


def test_a_port_that_somebody_holds_is_named_with_its_holder(lamps: Lamps) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        lamps.write(**{".env.staging.example": f"LAMP_PORT={port}\nLAMP_PASSWORD=change-me\n"})
        verdict, _, cause = lamps.told("compose-file")
        assert (verdict, f"(PID {os.getpid()})" in cause, str(port) in cause) == ("fail", True, True)
        lamps.environment["local"] = False
        assert lamps.told("compose-file")[0] == "pass"


def test_a_port_that_a_container_holds(lamps: Lamps) -> None:
    name = f"tta-gates-test-{os.urandom(3).hex()}"
    docker("run", "--detach", "--name", name, "--publish", "127.0.0.1::8080", "tta-base:bookworm", "sleep", "60")
    try:
        port = docker("port", name, "8080").rpartition(":")[2]
        lamps.write(**{".env.staging.example": f"LAMP_PORT={port}\nLAMP_PASSWORD=change-me\n"})
        verdict, _, cause = lamps.told("compose-file")
        assert verdict == "fail"
        assert cause == f"lamp publishes port {port}/tcp, which the container {name} holds on this machine"
    finally:
        docker("rm", "--force", name)


def test_nothing_to_deploy_is_said(lamps: Lamps) -> None:
    lamps.entry["services"] = []
    verdict = lamps.judge("compose-file")["compose-file"].verdict
    assert (verdict["verdict"], verdict["statement"]) == (
        "pass",
        "lamp has no services and nobody carries it: nothing to deploy",
    )


def test_a_library_is_deployed_with_its_carrier(lamps: Lamps) -> None:
    lamps.entry["services"] = []
    lamps.entry["carried_by"] = "socket"
    lamps.components["socket"]["services"] = ["gone"]
    assert lamps.told("compose-file") == ("fail", 1, "gone is no service of compose.staging.yml")


def test_a_compose_file_that_is_none_fails(lamps: Lamps) -> None:
    lamps.write(**{"compose.staging.yml": "services: [\n"})
    assert lamps.told("compose-file")[:2] == ("fail", 1)
    lamps.environment["compose_file"] = "gone.yml"
    assert lamps.told("compose-file")[2].startswith("gone.yml is not in commit ")
