"""Two container hosts as one environment, changed by the role `release` as a playbook would."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from container_host.docker_cli import DockerError
from container_host.host import ContainerHost

from tiny.monorepo import SECRET, Monorepo

ROOT = Path(__file__).resolve().parents[2]
STATE = "/var/lib/tta-ops"
PLAYBOOK = """
- hosts: staging
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {{name: tta.ops.release, tasks_from: {verb}}}
      vars: {{release_operation: "{{{{ operation }}}}", release_environment_file: "{{{{ values }}}}"}}
"""


class Fleet:
    """The environment `staging` of two hosts and one monorepo; files below `folder`."""

    def __init__(self, folder: Path, hosts: list[ContainerHost], monorepo: Monorepo) -> None:
        self.folder, self.hosts, self.monorepo = folder, hosts, monorepo
        self.names = [f"staging-{number}" for number in range(1, len(hosts) + 1)]
        self.registry = ""
        self.needs_other = False
        self.results: list[dict[str, Any]] = []

    def start(self, verb: str = "deploy", *options: str, text: str = "") -> subprocess.Popen[str]:
        """Start a play and do not wait for it."""
        self.monorepo.runs += 1
        reached = dict(zip(self.names, (host.variables() for host in self.hosts), strict=True))
        fast = {name: {**one, "ansible_ssh_timeout": 5} for name, one in reached.items()}
        folder = self.folder / f"run-{self.monorepo.runs}"
        folder.mkdir()
        (folder / "hosts.json").write_text(json.dumps({"staging": {"hosts": fast}}))
        (folder / "play.yml").write_text(text or PLAYBOOK.format(verb=verb))
        (folder / "given.json").write_text(
            json.dumps({"operation": self.operation(), "values": f"PASSWORD='{SECRET}'\n"})
        )
        environment = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
        }
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.json", "-e", "@given.json"]
        process = subprocess.Popen(
            [*command, "play.yml", *options], cwd=folder, env=environment, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        (self.folder / "run.pid").write_text(str(process.pid))
        return process

    def interfere(self, after: str, command: list[str]) -> tuple[int, str]:
        """Deploy, and run `command` on this machine right after the step `after` of roles/release/tasks/fleet.yml."""
        (tasks,) = yaml.safe_load((ROOT / "roles/release/tasks/fleet.yml").read_text())
        names = [one["name"] for one in tasks["block"]]
        fault = {
            "name": "Interfere", "ansible.builtin.command": {"argv": command}, "run_once": True,
            "delegate_to": "localhost", "changed_when": False,
        }  # fmt: skip
        tasks["block"].insert(names.index(after) + 1, fault)
        given = {"release_operation": "{{ operation }}", "release_environment_file": "{{ values }}"}
        empty = {"release_environment": "", "release_component": ""}
        play = {"hosts": "staging", "gather_facts": False, "vars": {**given, **empty}, "tasks": [tasks]}
        return self.finish(self.start(text=yaml.safe_dump([play])))

    def verify_after(self, command: list[str]) -> tuple[int, str]:
        """Deploy, run `command` on this machine, and verify what was deployed."""
        given = {"release_operation": "{{ operation }}", "release_environment_file": "{{ values }}"}
        role = "ansible.builtin.include_role"
        fault = {"ansible.builtin.command": {"argv": command}, "run_once": True, "delegate_to": "localhost"}
        tasks = [
            {role: {"name": "tta.ops.release", "tasks_from": "deploy"}, "vars": given},
            fault,
            {role: {"name": "tta.ops.release", "tasks_from": "verify"}, "vars": {**given, "release_tested": False}},
        ]
        play = {"hosts": "staging", "gather_facts": False, "tasks": tasks}
        return self.finish(self.start(text=yaml.safe_dump([play])))

    def play(self, verb: str = "deploy", *options: str) -> tuple[int, str]:
        """Play a verb of the role; return exit code and output."""
        return self.finish(self.start(verb, *options))

    def finish(self, process: subprocess.Popen[str]) -> tuple[int, str]:
        """Wait for a play; return exit code and output."""
        try:
            output = process.communicate(timeout=240)[0]
        except BaseException:
            process.kill()
            raise
        assert "Traceback" not in output, output
        said = re.findall(r'"msg": "([^"]+)"', output)
        ended = "deployed" if process.returncode == 0 else "failed"
        self.results.append({"code": process.returncode, "message": said[-1] if said else "", "outcome": ended})
        return process.returncode, output

    def operation(self) -> dict[str, Any]:
        """Return the operation as the preflight would set it."""
        operation = self.monorepo.operation()
        own = {**operation["environments"]["staging"], "hosts": self.names, "state": STATE, "registry": self.registry}
        found = {**operation, "environments": {"staging": own}, "dependencies": [], "artifacts": {}}
        if self.needs_other:
            web = self.monorepo.entry
            other = {
                **web,
                "name": "other",
                "services": ["other"],
                "context": [],
                "health": None,
                "strategy": "stop-first",
            }
            found["components"] = {"web": web, "other": other}
            found |= {
                "dependencies": ["other"],
                "artifacts": {"other": {**operation["artifact"], "component": "other"}},
            }
        return found

    def serving(self) -> list[str]:
        """Return for each host which release answers there, by the words of its commit; "" when nothing does."""
        return [self.answer(host) for host in self.hosts]

    def answer(self, host: ContainerHost) -> str:
        """Return which release answers on a host."""
        try:
            said = host.run("curl", "-s", "-i", "-m", "5", f"http://127.0.0.1:{self.monorepo.port}/")
        except DockerError:
            return ""
        found = [line.partition(": ")[2] for line in said.splitlines() if line.lower().startswith("release: ")]
        return found[0].strip() if found else ""

    def read(self, host: ContainerHost, path: str) -> str:
        """Return a file of a host's state folder, "" when there is none."""
        with contextlib.suppress(DockerError):
            return host.run("cat", f"{STATE}/{path}")
        return ""

    def events(self, host: ContainerHost) -> list[tuple[str, int, int | None]]:
        """Return the events of a host's ledger: what, which release, under which fence."""
        entries = [json.loads(line) for line in self.read(host, "staging/ledger.jsonl").splitlines()]
        return [(one["event"], one["release"], one["fence"]) for one in entries]

    def clear(self) -> None:
        """Remove everything that the component left on the hosts, images too."""
        for host in self.hosts:
            host.run("sh", "-c", _CLEAR.format(state=STATE), timeout=90)


_CLEAR = (
    "docker ps -aq | xargs -r docker rm -fv >/dev/null; docker volume prune -f >/dev/null; "
    "docker image ls -q 'tta-ops/*' | sort -u | xargs -r docker rmi -f >/dev/null; rm -rf {state}"
)
