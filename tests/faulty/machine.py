"""The host program on a machine with its own engine: one that may be rebooted, and whose engine may restart."""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import host_program
from container_host.docker_cli import DockerError, docker
from container_host.host import ContainerHost
from tiny.host import Host, free_port
from tiny.monorepo import Monorepo

PROGRAM, KILLED = "/root/tta-ops", "/root/killed.py"
BASE, EDGE = "tta-base:bookworm", "tta-ops-edge:1"
PATIENCE = 60.0


class Machine(Host):
    """`tta-ops` on a container host; what it does there is asked there."""

    def __init__(self, machine: ContainerHost, monorepo: Monorepo) -> None:
        super().__init__(Path(PROGRAM), monorepo)
        self.machine = machine

    def command(self, *arguments: str) -> list[str]:
        there = ["python3", PROGRAM, "--json", "--state", str(self.state), *arguments]
        return ["docker", "exec", "--interactive", self.machine.name, *there]

    def deploy_and_die_after(self, step: str) -> None:
        """Deploy, and have the host program killed right after it wrote `step` into its journal."""
        command = self.command("prepare,verify,switch,drain")
        command.insert(command.index("python3") + 1, KILLED)
        command.insert(command.index(KILLED) + 1, step)
        done = subprocess.run(command, input=self.monorepo.bundle(), capture_output=True, check=False, timeout=180)
        assert done.returncode == 137, (done.stdout + done.stderr).decode()

    def release(self) -> str:
        try:
            head = self.machine.run("curl", "-s", "-i", "-m", "5", f"http://127.0.0.1:{self.monorepo.port}/")
        except DockerError:
            return ""
        found = [line.partition(": ")[2] for line in head.splitlines() if line.lower().startswith("release: ")]
        return found[0].strip() if found else ""

    def serves(self) -> str:
        """Return which release answers, as soon as one does."""
        until = time.monotonic() + PATIENCE
        while not (found := self.release()):
            assert time.monotonic() < until, f"nothing answers: {self.machine.run('docker', 'ps', '--all')}"
            time.sleep(0.2)
        return found

    def journal(self) -> str:
        """Return the journal of the component."""
        return self.machine.run("sh", "-c", f"cat {self.state}/staging/components/web/journal.jsonl")

    def wait_for_step(self, step: str) -> None:
        """Wait until the deploy of release 2 has written `step` into its journal."""
        until = time.monotonic() + PATIENCE
        while '"number":2' not in (text := self.journal()) or f'"step":"{step}"' not in text:
            assert time.monotonic() < until, text
            time.sleep(0.05)

    def reboot(self) -> None:
        """Kill everything that runs on the machine, and start it again."""
        docker("kill", self.machine.name)
        docker("start", self.machine.name)
        self._until_the_engine_answers()

    def restart_engine(self) -> None:
        """Restart the engine, as `systemctl restart docker` does; its containers end with it."""
        self.machine.run("pkill", "-x", "dockerd")
        until = time.monotonic() + PATIENCE
        while "dockerd" in self.machine.run("ps", "-eo", "comm"):
            assert time.monotonic() < until, self.machine.logs()
            time.sleep(0.1)
        self._until_the_engine_answers()

    def _until_the_engine_answers(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.machine._engine_answers():
            assert time.monotonic() < until, self.machine.logs()
            time.sleep(0.2)


class Rebootable(ContainerHost):
    """A container host whose engine is not its first process' child, so that either may go without the other."""

    environment = ("START_ENGINE=0",)

    def _engine_answers(self) -> bool:
        if "dockerd" not in self.run("ps", "-eo", "comm"):
            self.run("rm", "-f", "/var/run/docker.pid", "/var/run/docker/containerd/containerd.pid")
            docker("exec", "--detach", self.name, "sh", "-c", "exec dockerd 2>> /var/log/dockerd.log")
        return super()._engine_answers()


@pytest.fixture(scope="module")
def rebootable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rebootable]:
    """The machine, with the host program and the images that its releases are made of."""
    name = f"tta-faults-{secrets.token_hex(3)}"
    with Rebootable(name, tmp_path_factory.mktemp("machine")) as machine:
        machine.load_images(BASE, EDGE)
        machine.run("tee", PROGRAM, stdin=host_program.build().data)
        machine.run("tee", KILLED, stdin=(Path(__file__).parents[1] / "faults/killed.py").read_bytes())
        yield machine


@pytest.fixture
def machine(rebootable: Rebootable, tmp_path: Path) -> Iterator[Machine]:
    """A component on it, whose containers come back after a reboot, with a state folder of its own."""
    name = f"host-{secrets.token_hex(4)}"
    monorepo = Monorepo(tmp_path / "monorepo", name, free_port(), Path(f"/root/{name}"))
    compose = monorepo.folder / "compose.yml"
    monorepo.write("compose.yml", compose.read_text().replace('restart: "no"', "restart: always"))
    monorepo.commit("fine")
    yield Machine(rebootable, monorepo)
    containers = rebootable.run("docker", "ps", "--all", "--quiet").split()
    if containers:
        rebootable.run("docker", "rm", "--force", *containers)
