"""The peer that orchestrates: a Swarm of one node in a container host, start-first updates behind HAProxy.

HAProxy finds the tasks by DNS (`endpoint_mode: dnsrr`), so that no IPVS is needed, and holds the port on the host.
"""

from __future__ import annotations

import shlex
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from container_host.host import ContainerHost
from plain import HEALTH, images
from scale_to_two import CONFIG, EDGE
from users import BASE, Inside, run


class Swarm:
    """One node, one service of two replicas, its callers in the overlay network."""

    title = "Swarm, start-first, dnsrr + HAProxy"

    def __init__(self, folder: Path, name: str) -> None:
        """Take a folder of its own and a name that nobody else on the engine has."""
        self.name = name
        self.host = ContainerHost(f"{name}-node", folder)
        self.images = images(name)

    def __enter__(self) -> Self:
        """Form the swarm and start the first release."""
        self.host.start()
        self.host.load_images(BASE, EDGE, *self.images)
        self._docker("swarm", "init", "--advertise-addr", self.host.address)
        self._docker("network", "create", "--driver", "overlay", "--attachable", "bench")
        config = CONFIG.replace("web:8080", "tasks.web:8080")
        self.host.run("mkdir", "-p", "/run/bench", "/etc/bench")
        self.host.run("chmod", "777", "/run/bench")
        self.host.run("tee", "/etc/bench/haproxy.cfg", stdin=config.encode())
        self._docker(
            *(
                "service",
                "create",
                "--detach",
                "--quiet",
                "--name",
                "web",
                "--network",
                "bench",
                "--endpoint-mode",
                "dnsrr",
            ),
            *("--replicas", "2", "--init", "--env", "DRAIN=2", "--stop-grace-period", "15s"),
            *("--health-cmd", shlex.join(HEALTH), "--health-interval", "300ms", "--health-retries", "20"),
            *("--update-order", "start-first", "--rollback-order", "start-first", "--update-delay", "1s"),
            *("--update-monitor", "2s", "--rollback-monitor", "2s", "--update-failure-action", "rollback"),
            *("--no-resolve-image", self.images[0]),
        )
        self._docker(
            *(
                "service",
                "create",
                "--detach",
                "--quiet",
                "--name",
                "proxy",
                "--network",
                "bench",
                "--mode",
                "global",
                "--init",
            ),
            *("--mount", "type=bind,source=/etc/bench,target=/bench,readonly"),
            *("--mount", "type=bind,source=/run/bench,target=/run/bench"),
            *("--publish", "published=80,target=80,mode=host", "--no-resolve-image"),
            *(EDGE, "haproxy", "-W", "-db", "-f", "/bench/haproxy.cfg"),
        )
        self._until_it_answers()
        return self

    def __exit__(self, *_: object) -> None:
        """Take everything away."""
        self.host.remove()
        run(["docker", "rmi", "--force", *self.images])

    @property
    def published(self) -> tuple[str, int]:
        """Where the users come."""
        return self.host.address, 80

    def inside(self) -> Inside:
        """Return callers in the overlay network; DNS gives them one of the tasks."""
        return Inside(["docker", "exec", self.host.name, "docker"], "bench", f"{self.name}-caller")

    def there(self) -> None:
        """Update to the other release."""
        self._docker("service", "update", "--quiet", "--no-resolve-image", "--image", self.images[1], "web")

    def back(self) -> None:
        """Let the engine roll back."""
        self._docker("service", "update", "--quiet", "--rollback", "web")

    def look(self) -> None:
        """Nothing of its own has memory."""

    def _docker(self, *arguments: str) -> str:
        return self.host.run("docker", *arguments, timeout=180)

    def _until_it_answers(self) -> None:
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://{self.host.address}/", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
