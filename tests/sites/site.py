"""One operator's site: everything that `ansible-playbook <verb>.yml` reads and writes, below one folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "tta"
IDENTITY = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
PLAYBOOK_SECONDS = 600


def free_port() -> int:
    """Return a TCP port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Site:
    """`name` keeps Compose projects, networks and volumes apart; `secret` is the password in the inventory."""

    def __init__(self, folder: Path, name: str, hosts: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Make the monorepo and the inventories; `hosts` gives the variables of staging-1 and production-1."""
        self.folder = folder
        self.name = name
        self.port = free_port()
        self.state = folder / "state" if not hosts else Path("/var/lib/tta-ops")
        self.monorepo = folder / "monorepo"
        self.inventories = folder / "inventories"
        self.secret = f"canary{os.urandom(6).hex()}"
        self._make_monorepo()
        self._make_inventories(hosts or {})

    def play(
        self, playbook: str, *arguments: str, check: bool = True, cwd: Path = ROOT, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a playbook against this site and return what it printed; with `check`, it must succeed."""
        inventories = [
            word for each in ("staging-homelab", "production") for word in ("-i", str(self.inventories / each))
        ]
        given = [] if any("monorepo" in each for each in arguments) else ["-e", f"monorepo={self.monorepo}"]
        done = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), playbook, *inventories, *given, *arguments],
            cwd=cwd,
            env={**os.environ, "ANSIBLE_STDOUT_CALLBACK": "tta.ops.promotion", **environment},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PLAYBOOK_SECONDS,
            check=False,
        )
        if check:
            assert done.returncode == 0, done.stdout
        return done

    def promote(self, component: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `promote-staging.yml` for a component."""
        return self.play("promote-staging.yml", "-e", f"component={component}", *arguments, check=check)

    def genesis(self) -> None:
        """Enter the example's core components into the ledger."""
        for core in ("redis", "postgres"):
            given = {"component": core, "target": "production", "reason": "in service before the toolkit"}
            self.play("genesis.yml", "-e", json.dumps(given))

    def git(self, *arguments: str) -> str:
        """Run git in the monorepo and return what it printed."""
        done = subprocess.run(
            ["git", "-C", str(self.monorepo), *IDENTITY, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout

    def commit(self, message: str) -> str:
        """Commit everything in the monorepo and return the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD").strip()

    def runs_by(self, compose_file: str, env_example: str) -> None:
        """Let both environments use other files of the monorepo than the example's."""
        for path in self.inventories.glob("*/group_vars/*/main.yml"):
            own = {"environment_compose_file": compose_file, "environment_env_example": env_example}
            path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | own))

    def ledger(self, environment: str = "staging") -> list[dict[str, Any]]:
        """Return the entries of an environment's ledger (local sites)."""
        path = self.state / environment / "ledger.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def containers(self) -> dict[str, tuple[str, str]]:
        """Return service → (container id, start time) of everything that runs for this site."""
        template = '{{or (.Label "tta.ops.service") (.Label "com.docker.compose.service")}} {{.ID}}'
        listed = _docker("ps", "--no-trunc", "--filter", f"name={self.name}", "--format", template)
        rows = [line.split() for line in listed.splitlines()]
        return {service: (each, _docker("inspect", "--format", "{{.State.StartedAt}}", each)) for service, each in rows}

    def snapshot(self) -> dict[str, str]:
        """Return path → content of every file that a run may write: host state, operator state.

        Without what the host writes by itself meanwhile: samples, and how its jobs ended.
        """
        roots = [self.state, self.folder / "operator"]
        own = {self.state / "jobs", self.state / "recorder.lock", *self.state.glob("*/observation")}
        files = [path for root in roots for path in sorted(root.rglob("*")) if path.is_file()]
        return {str(path): path.read_bytes().hex() for path in files if not own & {path, *path.parents}}

    def remove(self) -> None:
        """Remove containers, networks and volumes of this site; without jobs its loop ends."""
        (self.state / "jobs.json").unlink(missing_ok=True)
        for kind, remove in (
            (["ps", "--all"], ["rm", "--force", "--volumes"]),
            (["network", "ls"], ["network", "rm"]),
            (["volume", "ls"], ["volume", "rm", "--force"]),
        ):
            found = _docker(*kind, "--quiet", "--filter", f"name={self.name}").split()
            if found:
                _docker(*remove, *found)

    def _make_monorepo(self) -> None:
        shutil.copytree(EXAMPLE, self.monorepo, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
        for path in self.monorepo.glob("docker-compose*.yml"):
            path.write_text(re.sub(r"(?m)^name: tta-", f"name: {self.name}-", path.read_text()))
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(self.monorepo)], check=True)
        self.commit("The example")

    def _make_inventories(self, hosts: Mapping[str, Mapping[str, Any]]) -> None:
        for folder, group in (("staging-homelab", "staging"), ("production", "production")):
            source = ROOT / "inventories" / folder / "group_vars" / group / "main.yml"
            variables = yaml.safe_load(source.read_text())
            values = {"POSTGRES_PASSWORD": self.secret, "REDIS_PASSWORD": self.secret, "CARBON_PORT": str(self.port)}
            variables |= {
                "environment_state": str(self.state),
                "environment_values": values,
                "operator_state": str(self.folder / "operator"),
            }
            alias = f"{group}-1"
            local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
            host = dict(hosts.get(alias, local))
            if "ansible_host" in host:
                variables["environment_address"] = host["ansible_host"]
                values["BIND_ADDRESS"] = "0.0.0.0"  # noqa: S104 - inside a container host that only this machine reaches
            base = self.inventories / folder
            (base / "group_vars" / group).mkdir(parents=True)
            (base / "hosts.yml").write_text(yaml.safe_dump({group: {"hosts": {alias: host}}}))
            (base / "group_vars" / group / "main.yml").write_text(yaml.safe_dump(variables))
        shutil.copy(ROOT / "inventories" / "catalogue.yml", self.inventories / "catalogue.yml")


def _docker(*arguments: str) -> str:
    done = subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True, timeout=120)
    return done.stdout.strip()
