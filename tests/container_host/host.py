"""A machine for tests: a container with its own sshd and, if wanted, its own Docker Engine."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from container_host.docker_cli import DockerError, docker
from container_host.image import Variant, image

# dockerd inside a container without --privileged, which fails where the machine itself lacks SYS_RESOURCE.
FLAGS = (
    *("--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"),
    *("--security-opt", "seccomp=unconfined"),
    *("--security-opt", "apparmor=unconfined"),
    *("--security-opt", "systempaths=unconfined"),
    *("--device-cgroup-rule", "a *:* rwm"),
    *("--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"),
)
POLL_INTERVAL = 0.1  # seconds


class ContainerHost:
    """One container host; as a context manager it starts on entry and is removed on exit.

    `name` is the container's, unique on the engine. `folder` keeps the SSH key pair and known_hosts.
    `environment` is what its first process gets beside the key.
    """

    environment: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str, folder: Path, variant: Variant = "engine", deadline: float = 60) -> None:
        self.name = name
        self.folder = folder
        self.variant = variant
        self.deadline = deadline
        self.key = folder / f"{name}.key"
        self.known_hosts = folder / f"{name}.known_hosts"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def start(self) -> None:
        """Start afresh, and return when sshd and the engine answer.

        Raises DockerError when they do not within the deadline; the container is then already removed.
        """
        self.remove()
        public_key = self._generate_key()
        docker(
            *("run", "--detach", "--name", self.name, "--hostname", self.name, *FLAGS),
            *(word for one in (f"AUTHORIZED_KEY={public_key}", *self.environment) for word in ("--env", one)),
            image(self.variant),
        )
        try:
            until = time.monotonic() + self.deadline
            self._wait("sshd", self._sshd_answers, until)
            if self.variant == "engine":
                self._wait("the engine", self._engine_answers, until)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Remove container, volume, keys and known_hosts; nothing to remove is fine."""
        docker("rm", "--force", "--volumes", self.name)
        for path in (self.key, self.key.with_suffix(".key.pub"), self.known_hosts):
            path.unlink(missing_ok=True)

    @property
    def address(self) -> str:
        """The address under which the machine that runs the tests reaches this host."""
        template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        return docker("inspect", "--format", template, self.name)

    def variables(self) -> dict[str, str]:
        """Return the inventory variables that let Ansible reach this host over SSH."""
        return {
            "ansible_connection": "ssh",
            "ansible_host": self.address,
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(self.key),
            "ansible_ssh_common_args": (
                f"-o UserKnownHostsFile={self.known_hosts} -o StrictHostKeyChecking=accept-new -o IdentitiesOnly=yes"
            ),
            "ansible_python_interpreter": "/usr/bin/python3",
        }

    def inventory(self, group: str, alias: str) -> dict[str, Any]:
        """Return an inventory (write it as JSON or YAML) with this host as `alias` in `group`."""
        return {"all": {"children": {group: {"hosts": {alias: self.variables()}}}}}

    def run(self, *command: str, stdin: bytes | None = None, timeout: float = 60) -> str:
        """Run a command as root on this host and return its output; raises DockerError when it fails."""
        interactive = ["--interactive"] if stdin is not None else []
        return docker("exec", *interactive, self.name, *command, stdin=stdin, timeout=timeout)

    def load_images(self, *references: str, timeout: float = 120) -> None:
        """Stream images of the outer engine into this host's own."""
        save = subprocess.Popen(["docker", "save", *references], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            load = ["docker", "exec", "--interactive", self.name, "docker", "load", "--quiet"]
            loaded = subprocess.run(load, stdin=save.stdout, capture_output=True, timeout=timeout, check=False)
            said = save.communicate(timeout=timeout)[1] + loaded.stderr
            if save.returncode or loaded.returncode:
                raise DockerError(
                    f"docker save {' '.join(references)} into {self.name}:\n{said.decode(errors='replace')}"
                )
        finally:
            save.kill()
            save.wait()

    def logs(self) -> str:
        """Return what sshd and the engine wrote, for a failure's message."""
        return self.run("sh", "-c", "tail -n 40 /var/log/sshd.log /var/log/dockerd.log 2>&1 || true")

    def _generate_key(self) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", self.name, "-f", str(self.key)]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        return self.key.with_suffix(".key.pub").read_text().strip()

    def _wait(self, what: str, answers: Callable[[], bool], until: float) -> None:
        while not answers():
            if time.monotonic() > until:
                raise DockerError(f"{what} of {self.name}: no answer in {self.deadline} s\n{self.logs()}")
            time.sleep(POLL_INTERVAL)

    def _sshd_answers(self) -> bool:
        try:
            with socket.create_connection((self.address, 22), timeout=1) as connection:
                return connection.recv(4) == b"SSH-"
        except OSError:
            return False

    def _engine_answers(self) -> bool:
        try:
            self.run("docker", "info", timeout=5)
        except DockerError:
            return False
        return True
