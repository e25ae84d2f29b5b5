"""The gates of production that measure in a running project: coverage through the container, e2e, health, metrics."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import shining
from lamp import Lamps

pytestmark = pytest.mark.engine

COVERAGE = "integration-coverage"


@pytest.fixture
def lamps(lamps: Lamps) -> Lamps:
    lamps.run = f"20261120T084501Z-{os.urandom(4).hex()}"
    lamps.stage = "production"
    lamps.entry |= shining.ENTRY
    lamps.entry["tests"] |= {
        "integration": {**lamps.entry["tests"]["integration"], "environment": shining.EVERYWHERE},
        "e2e": {"paths": ["tests/e2e"], "select": None, "environment": shining.EVERYWHERE},
    }
    lamps.write(**shining.FILES)
    return lamps


def by_hand(folder: Path) -> list[int]:
    """Serve under coverage on this machine, ask what the tests ask, stop, and return the lines that did not run."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    coverage = [sys.executable, "-m", "coverage"]
    data = ["--rcfile=/dev/null", "--data-file=by-hand"]
    run = [*coverage, "run", *data, shining.LAMP]
    with subprocess.Popen(run, cwd=folder, env={**os.environ, "PORT": port}) as server:
        for path in ("/", "/health", "/metrics", "/dim"):
            ask = ["curl", "--silent", "--retry", "50", "--retry-connrefused", "--retry-delay", "0"]
            subprocess.run([*ask, f"http://127.0.0.1:{port}{path}"], check=True, capture_output=True, timeout=20)
        server.terminate()
    subprocess.run([*coverage, "json", *data, "-o", "by-hand.json"], cwd=folder, check=True, capture_output=True)
    [found] = json.loads((folder / "by-hand.json").read_text())["files"].values()
    missing: list[int] = found["missing_lines"]
    return missing


def test_one_start_serves_all_gates_and_the_number_is_that_of_a_run_by_hand(lamps: Lamps) -> None:
    judged = lamps.judge(*shining.GATES)
    assert {name: one.verdict["verdict"] for name, one in judged.items()} == dict.fromkeys(shining.GATES, "pass")
    document = judged[COVERAGE].measurement.document
    assert len([one for one in judged[COVERAGE].measurement.commands if "up" in one.arguments]) == 1
    [file] = document["coverage"]["files"]
    assert (file["file"], file["missing"]) == (shining.LAMP, by_hand(lamps.folder))
    assert judged[COVERAGE].verdict["found"] == document["coverage"]["percent"] == 96.66
    assert judged["health-answers"].verdict["statement"].startswith("all 10 as expected, median ")
    assert judged["metrics-parse"].verdict["statement"] == "1 samples of 1 metrics"


def test_each_gate_fails_for_itself(lamps: Lamps) -> None:
    lamps.entry["health"] = {**shining.ENTRY["health"], "expect": "status == 'bright'"}
    unused = "def unused() -> None:\n    " + "\n    ".join(["len('')"] * 9) + "\n\n\ndef stop("
    lamps.write(
        **{
            shining.LAMP: shining.CODE.replace("lamp_watts 60", "lamp_watts sixty").replace("def stop(", unused),
            "tests/integration/test_lamp_integration.py": shining.INTEGRATION.replace("PATHS", "['/', '/gone']"),
            "tests/e2e/test_lamp_e2e.py": shining.E2E + "    assert False, 'too dark'\n",
        }
    )
    judged = lamps.judge(*shining.GATES)
    told = {name: (one.verdict["verdict"], one.verdict["found"]) for name, one in judged.items()}
    assert told == {
        "integration-tests": ("pass", 0),
        COVERAGE: ("fail", 62.5),
        "e2e-tests": ("fail", 1),
        "health-answers": ("fail", 10),
        "metrics-parse": ("fail", 1),
    }
    # What only the e2e tests and the probes ran is not covered by integration tests.
    assert judged[COVERAGE].verdict["cause"] == f"{shining.LAMP}: 62.5 %, not run: 14, 16, 18, 24-25, 29-37, 48"
    assert "too dark" in judged["e2e-tests"].verdict["cause"]
    assert judged["health-answers"].verdict["cause"] == "/health: 10 of 10 times status == 'bright' gives false"
    assert judged["metrics-parse"].verdict["cause"].startswith("/metrics cannot be parsed: ")


def test_a_python_that_cannot_be_measured_is_inconclusive_and_so_is_what_is_not_declared(lamps: Lamps) -> None:
    lamps.entry |= {"health": None, "monitoring": {}}
    lamps.entry["tests"]["e2e"] = None
    lamps.write(**{"compose.staging.yml": shining.COMPOSE.replace("[python3, /app", "[python3, -I, /app")})
    judged = lamps.judge(*shining.GATES)
    told = {name: (one.verdict["verdict"], one.verdict["cause"].partition(" (")[0]) for name, one in judged.items()}
    assert told == {
        "integration-tests": ("pass", ""),
        COVERAGE: (
            "inconclusive",
            "lamp does not say which lines it runs: its process is no Python, or one that was started without"
            " PYTHONPATH",
        ),
        "e2e-tests": ("inconclusive", "no e2e tests are declared"),
        "health-answers": ("inconclusive", "no health is declared"),
        "metrics-parse": ("inconclusive", "no metrics are declared"),
    }


def test_a_service_that_is_no_python_is_inconclusive_though_its_health_check_is_one(lamps: Lamps) -> None:
    compose = shining.COMPOSE.replace("[python3, /app/lamp.py]", "[sleep, infinity]")
    command, _, rest = compose.partition("      test: ")
    lamps.write(
        **{
            "compose.staging.yml": f"{command}      test: [CMD, python3, /app/lamp.py, --help]\n"
            f"{rest.partition(chr(10))[2]}",
            shining.LAMP: shining.CODE.replace("    serve()\n", "    sys.exit(0)\n"),
            "tests/integration/test_lamp_integration.py": "def test_lamp():\n    assert True\n",
        }
    )
    verdict, found, cause = lamps.told(COVERAGE)
    assert (verdict, found) == ("inconclusive", None)
    assert cause.startswith("lamp does not say which lines it runs: ")


def test_a_file_that_the_image_has_otherwise_is_inconclusive(lamps: Lamps) -> None:
    compose = shining.COMPOSE.replace("./src/components/lamp.py:/app/lamp.py", "./other.py:/app/src/components/lamp.py")
    compose = compose.replace("[python3, /app/lamp.py]", "[python3, /app/src/components/lamp.py]")
    lamps.write(**{"compose.staging.yml": compose, "other.py": shining.CODE + "# changed by the build\n"})
    verdict, _, cause = lamps.told(COVERAGE)
    assert verdict == "inconclusive"
    assert cause.startswith("/app/src/components/lamp.py in lamp is not src/components/lamp.py of the commit")


def test_a_service_that_has_to_be_killed_has_lost_nothing_but_its_end(lamps: Lamps) -> None:
    lamps.write(
        **{
            "compose.staging.yml": shining.COMPOSE.replace(
                "    read_only", "    environment: {MOOD: stubborn}\n    read_only"
            )
        }
    )
    judged = lamps.judge(COVERAGE)[COVERAGE]
    assert judged.verdict["verdict"] == "pass"
    assert judged.measurement.document["coverage"]["files"][0]["missing"] == [30, 38]


def test_a_library_is_covered_by_its_tests_and_has_nothing_to_ask(lamps: Lamps) -> None:
    lamps.entry |= {"services": [], "health": None, "monitoring": {}}
    lamps.entry["tests"]["e2e"] = None
    test = "from src.components.lamp import shine\n\n\ndef test_lamp():\n    assert shine(b'/') == b'light'\n"
    lamps.write(**{"tests/integration/test_lamp_integration.py": test})
    judged = lamps.judge(*shining.GATES)
    told = {name: (one.verdict["verdict"], one.verdict["found"]) for name, one in judged.items()}
    assert told == {
        "integration-tests": ("pass", 0),
        COVERAGE: ("fail", 46.66),
        "e2e-tests": ("pass", 0),
        "health-answers": ("pass", 0),
        "metrics-parse": ("pass", 0),
    }
    assert judged["metrics-parse"].verdict["statement"] == "lamp has no service of its own: nothing to ask"


def test_without_integration_tests_nobody_knows(lamps: Lamps) -> None:
    lamps.entry["tests"]["integration"] = None
    assert lamps.told(COVERAGE)[0] == "inconclusive"
