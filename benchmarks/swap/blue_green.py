"""The toolkit's own way: one component in colours, deployed and rolled back by the host program."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from pathlib import Path
from typing import Any, Self

from ansible_collections.tta.ops.plugins.plugin_utils import host_program
from memory import container_mb, peak_of
from tiny.host import DEPLOY, Host, docker, free_port
from tiny.load import waiting
from tiny.monorepo import Monorepo
from users import HERE, Inside

WARM, DRAIN = 600, 20


class BlueGreen:
    """A monorepo, a state folder and the component in colours; `swap` goes there, and back again."""

    title = "blue-green (tta-ops)"

    def __init__(self, folder: Path, name: str) -> None:
        """Take a folder of its own and a name that nobody else on the engine has."""
        program = folder / "tta-ops"
        program.write_bytes(host_program.build().data)
        self.host = Host(program, Monorepo(folder / "monorepo", name, free_port(), folder / "state"))
        self.host.monorepo.write("src/web.py", (HERE / "service.py").read_text())
        self.name = name
        self.swap_ms: list[float] = []
        self.moved: dict[str, list[float]] = {"deployed": [], "returned": []}
        self.program_mb = self.edge_mb = 0.0

    def __enter__(self) -> Self:
        """Deploy the first release."""
        self.host.monorepo.in_colours(warm=WARM, drain=DRAIN)
        self.host.monorepo.commit("one")
        self._done(self.host.deploy())
        self.host.monorepo.commit("two")
        return self

    def __exit__(self, *_: object) -> None:
        """Take everything away."""
        for process in waiting(self.host.state):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGTERM)
        remove_projects([self.name + end for end in ("", "-web", "-web-blue", "-web-green", "-web-edge", "-web-trial")])

    @property
    def published(self) -> tuple[str, int]:
        """Where the users come."""
        return "127.0.0.1", self.host.monorepo.port

    def inside(self) -> Inside:
        """Return callers in the component's network."""
        return Inside(["docker"], f"{self.name}_default", f"{self.name}-caller")

    def there(self) -> None:
        """Deploy the other release."""
        self._run(DEPLOY, stdin=self.host.monorepo.bundle())

    def back(self) -> None:
        """Roll back, which is warm here."""
        self._run("rollback", "web")

    def look(self) -> None:
        """Note the memory of the edge."""
        edge = [one.split()[0] for one in self.host.colour("edge")]
        self.edge_mb = max([self.edge_mb, *(container_mb(one) for one in edge)])

    def _run(self, *arguments: str, stdin: bytes = b"") -> None:
        stop = threading.Event()
        peak: list[float] = []
        watch = threading.Thread(target=lambda: peak.append(peak_of(str(self.host.program), stop)))
        watch.start()
        try:
            self._done(self.host(*arguments, stdin=stdin))
        finally:
            stop.set()
            watch.join()
        self.program_mb = max([self.program_mb, *peak])

    def _done(self, found: dict[str, Any]) -> None:
        if found["failed"] or found["outcome"] == "unchanged":
            raise SystemExit(f"{self.title}: {found['message']}")
        receipt = found.get("receipt") or {}
        if receipt.get("swap_ms") is not None:
            self.swap_ms.append(receipt["swap_ms"])
            before = [receipt["seconds"].get(step) or 0 for step in ("prepare", "verify", "start", "settle")]
            self.moved[found["outcome"]].append(sum(before) + receipt["swap_ms"] / 1000)


def remove_projects(projects: list[str]) -> None:
    """Remove what Compose projects have on this engine: first all containers, then what they hung on."""
    for listing, removal in (
        (["ps", "--all"], ["rm", "--force"]),
        (["network", "ls"], ["network", "rm"]),
        (["volume", "ls"], ["volume", "rm", "--force"]),
    ):
        labels = [f"label=com.docker.compose.project={project}" for project in projects]
        found = [one for label in labels for one in docker(*listing, "--quiet", "--filter", label).split()]
        if found:
            docker(*removal, *found)
