"""A tiny site with a production of its own beside staging: other containers, another port, the same state folder."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.tta.ops.plugins.module_utils.host import canonical
from sites.site import EXAMPLE, ROOT

from tiny.host import docker, free_port
from tiny.monorepo import COMPOSE
from tiny.site import TinyMonorepo, TinySite

SMOKE = """\
import os, urllib.request


def test_it_answers() -> None:
    assert urllib.request.urlopen(os.environ["WEB_URL"], timeout=5).status == 200
"""
[GATES] = yaml.safe_load((ROOT / "roles/quality_gates/defaults/main/production.yml").read_text()).values()
NAMES = [gate["name"] for gate in GATES]
READINESS = ("dependencies-in-production", "open-blockers", "approval", "change-calendar")
QUICK = {
    "hours": 1,
    "every": 1,
    "first": 0,
    "triggers": {"health": {"failed": 2}, "error_rate": False, "logs": {"new": 1}, "restarts": {"more": 2}},
}


class Smoked(TinyMonorepo):
    """A monorepo with smoke tests."""

    def declared(self) -> dict[str, Any]:
        """Return the entry as the catalogue has it."""
        found = super().declared()
        smoke = {"paths": ["tests/test_smoke.py"], "environment": {"WEB_URL": "{url:web:8080}"}}
        return {**found, "tests": {**found["tests"], "smoke": smoke}}


class ProductionSite(TinySite):
    """What staging has can be promoted; all gates but those of `READINESS` are waived."""

    kind = Smoked

    def __init__(self, folder: Path, name: str) -> None:
        """Make the site, a first release in staging, and its promotion eight days ago."""
        super().__init__(folder, name)
        self.port = free_port()
        self.monorepo.health = {"consecutive": 2, "deadline": 60, "interval": 0.2}
        compose = COMPOSE.format(name=f"{name}-production", port=self.port, restart="no")
        self.monorepo.write("compose.production.yml", compose)
        self.monorepo.write("src/MATURITY.md", (EXAMPLE / "src/components/carbon/MATURITY.md").read_text())
        self.monorepo.write("src/README.md", "# Web\n")
        self.monorepo.write("tests/test_smoke.py", SMOKE)
        self.monorepo.commit("one")
        self.set_in("production", environment_compose_file="compose.production.yml", environment_watch=QUICK)
        self.waive(name for name in NAMES if name not in READINESS)

    def set_in(self, group: str, **variables: Any) -> None:
        """Set variables of an environment."""
        folder = {"staging": "staging-homelab"}.get(group, group)
        path = self.site.inventories / folder / "group_vars" / group / "main.yml"
        path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **variables}))

    def waive(self, gates: Any, until: str = "2999-12-31") -> None:
        """Pass over gates; none other are waived then."""
        facts = {"component": "web", "owner": "Jane", "reason": "a test", "until": until}
        waivers = {"waivers": [{"gate": gate, **facts} for gate in gates]}
        (self.site.inventories / "waivers.yml").write_text(yaml.safe_dump(waivers))

    def staged(self, behaviour: str = "") -> None:
        """Deploy the last commit to staging, as promoted eight days ago; or a new one, as promoted now.

        A ledger that production's remembers can be made older no more: it would be found to be another one.
        """
        if behaviour:
            self.monorepo.commit(behaviour)
        assert self.host.deploy()["outcome"] == "deployed"
        self.promoted()
        if not behaviour:
            self.age("staging", days=8)

    def record(self, event: str, environment: str = "staging", **data: Any) -> None:
        """Write an event about the last commit's artifact."""
        self.monorepo.runs += 1
        given = {
            "event": event, "component": "web", "environment": environment, "artifact": self.monorepo.artifact(),
            "actor": "Jane", "reason": "", "run": f"{event}-{self.monorepo.runs}", "data": data,
        }  # fmt: skip
        self.host("record", stdin=json.dumps(given).encode())

    def age(self, environment: str, days: float) -> None:
        """Let the whole ledger have been written `days` ago, with its chain of hashes as it would be."""
        path = self.site.state / environment / "ledger.jsonl"
        previous, lines = "0" * 64, []
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            at = datetime.fromisoformat(entry["at"].replace("Z", "+00:00")).astimezone(UTC) - timedelta(days=days)
            entry |= {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "prev": previous}
            del entry["hash"]
            entry["hash"] = previous = canonical.sha256(entry)
            lines.append(canonical.encode(entry) + b"\n")
        path.write_bytes(b"".join(lines))

    def promote_production(self, *arguments: str, check: bool = True) -> str:
        """Run `promote-production.yml`; return what it printed, in one line."""
        done = self.site.play("promote-production.yml", "-e", "component=web", *arguments, check=check)
        assert (done.returncode == 0) == check, done.stdout
        assert "Traceback" not in done.stdout
        return " ".join(done.stdout.split())

    def images(self, environment: str) -> dict[str, str]:
        """Return the image id that each container of an environment runs, by its service."""
        filters = ["--filter", f"label=tta.ops.environment={environment}", "--filter", f"name={self.site.name}"]
        ids = docker("ps", "--quiet", *filters).split()
        if not ids:
            return {}
        template = '{{index .Config.Labels "com.docker.compose.service"}} {{.Image}}'
        return dict(line.split() for line in docker("inspect", "--format", template, *ids).splitlines())


@contextmanager
def production_site(folder: Path, name: str) -> Iterator[ProductionSite]:
    """Yield a site, which is gone afterwards."""
    made = ProductionSite(folder, name)
    try:
        yield made
    finally:
        for process in left_behind(made.site.state):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        made.remove()


def left_behind(state: Path) -> list[int]:
    """Return the processes that the host program has left behind for a state folder: watches, schedules."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if str(state).encode() in words and int(folder.name) != os.getpid():
                found.append(int(folder.name))
    return found
