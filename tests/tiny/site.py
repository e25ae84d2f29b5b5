"""A site of the tiny monorepo: playbooks on one side, the host program on the other, one state folder between."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, host_program, repository
from container_host.host import ContainerHost
from faulty.machine import PROGRAM, Machine
from sites.site import Site

from tiny.host import Host
from tiny.load import waiting
from tiny.monorepo import SECRET, Monorepo

LIVE = """\
import os, urllib.request


def test_it_answers() -> None:
    assert urllib.request.urlopen(os.environ["WEB_URL"], timeout=5).status == 200
"""


class TinyMonorepo(Monorepo):
    """A monorepo whose artifacts have the hash that the playbooks give them."""

    def artifact(self) -> dict[str, Any]:
        text = yaml.safe_dump({"components": {"web": self.declared()}})
        entry = catalogue.load(text, "catalogue.yml")["components"]["web"]
        return repository.artifact_of(repository.git_in(str(self.folder)), self._git("rev-parse", "HEAD"), entry)

    def declared(self) -> dict[str, Any]:
        """Return the entry as the catalogue has it."""
        tests = {"integration": {"paths": ["tests/test_live.py"], "environment": {"WEB_URL": "{url:web:8080}"}}}
        return {**{key: value for key, value in self.entry.items() if key != "name"}, "tests": tests}


class TinySite:
    """`site` plays, `host` is the host program on the same state, `monorepo` is the checkout."""

    kind: type[TinyMonorepo] = TinyMonorepo

    def __init__(self, folder: Path, name: str, machine: ContainerHost | None = None) -> None:
        hosts = {alias: machine.variables() for alias in ("staging-1", "production-1")} if machine else None
        self.site = Site(folder, name, hosts)
        self.address = machine.address if machine else "127.0.0.1"
        shutil.rmtree(self.site.monorepo)
        self.monorepo = self.kind(self.site.monorepo, name, self.site.port, self.site.state)
        self.monorepo.write("tests/test_live.py", LIVE)
        if machine:  # its port is asked from outside
            text = (self.site.monorepo / "compose.yml").read_text()
            self.monorepo.write("compose.yml", text.replace("127.0.0.1:", "0.0.0.0:"))
        self.monorepo.commit("one")
        self.host = Machine(machine, self.monorepo) if machine else Host(folder / "tta-ops", self.monorepo)
        if machine:
            machine.run("tee", PROGRAM, stdin=host_program.build().data)
        else:
            self.host.program.write_bytes(host_program.build().data)
        self.declare()

    def declare(self) -> None:
        """Write catalogue and variables for what the monorepo says now."""
        inventories = self.site.inventories
        known = {"components": {"web": self.monorepo.declared()}}
        (inventories / "catalogue.yml").write_text(yaml.safe_dump(known))
        for folder, group in (("staging-homelab", "staging"), ("production", "production")):
            path = inventories / folder / "group_vars" / group / "main.yml"
            variables = yaml.safe_load(path.read_text())
            variables |= {
                "environment_compose_file": "compose.yml",
                "environment_env_example": ".env.staging.example",
                "environment_values": {"PASSWORD": SECRET},
            }
            path.write_text(yaml.safe_dump(variables))

    def set(self, **variables: Any) -> None:
        """Set variables of staging."""
        path = self.site.inventories / "staging-homelab" / "group_vars" / "staging" / "main.yml"
        path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **variables}))

    def promoted(self) -> None:
        """Enter the last commit's artifact into the ledger as promoted, as if it had been judged."""
        event = {
            "event": "promoted", "component": "web", "environment": "staging", "artifact": self.monorepo.artifact(),
            "actor": "Jane", "reason": "", "run": f"judged-{self.monorepo.runs}", "data": {"stage": "staging"},
        }  # fmt: skip
        self.host("record", stdin=json.dumps(event).encode())

    def remove(self) -> None:
        """Remove containers, networks, volumes, and what waits for the end of a warm time."""
        for process in [] if isinstance(self.host, Machine) else waiting(self.monorepo.state):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGTERM)
        self.site.remove()


@contextmanager
def tiny_site(folder: Path, name: str, machine: ContainerHost | None = None) -> Iterator[TinySite]:
    """Yield a site, which is gone afterwards; on `machine` over SSH, if given, else on this one."""
    made = TinySite(folder, name, machine)
    try:
        yield made
    finally:
        made.remove()
