"""Runs a development project: started, waited for until all of it is healthy, and always taken away again."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import development
from .bench import Bench
from .compose_file import ComposeFile
from .development_images import Images, NotBuilt
from .notebook import PYTHONPATH, Notebook
from .process import Finished

_PROBE_SECONDS = 0.5
_REMOVAL_SECONDS = 60
_STARTS = 3


class NotStarted(Exception):
    """The project could not be started, or did not become healthy: one sentence."""


@contextmanager
def running(bench: Bench, compose: ComposeFile, notebook: Notebook) -> Iterator[tuple[Project, list[str]]]:
    """Yield the project of the bench's component, healthy, and its services; raises `NotStarted` with the reason.

    What `notebook` names notes its lines. `ComposeError`, `NoCompose` and `NotIsolated` go through.
    """
    subject = bench.subject
    _require_engine(bench)
    config = compose.resolved()
    missing = [name for name in subject.integration_services if name not in config["services"]]
    if missing:
        raise NotStarted(f"{compose.path.name} has no service {', '.join(missing)}")
    names = development.needed(config, subject.integration_services, _of_others(bench))
    suffix = str(subject.operation["run"]).lower().rpartition("-")[2]
    project = Project(bench, compose, f"tta-gate-{subject.component}-{suffix}")
    _remove_orphans(bench)
    images = Images(compose, config, names, project.name)
    try:
        ids = images.build()
        owner = f"{socket.gethostname()}:{os.getpid()}"
        rendered = development.rendered(config, names, ids, subject.export, owner)
        paths = {service: images.variable(service, PYTHONPATH) for service in notebook.services}
        project.render(notebook.mounted(rendered, paths))
        project.start(names)
        yield project, names
    except NotBuilt as error:
        raise NotStarted(str(error)) from error
    finally:
        remove(bench, project.name)
        images.untag()


def remove(bench: Bench, name: str) -> None:
    """Take a project away with its volumes, whatever state it is in and however little time is left."""
    down = ["docker", "compose", "-p", name, "down", "--volumes", "--remove-orphans", "--timeout", "5"]
    bench.run_to_the_end(down, seconds=_REMOVAL_SECONDS)


class Project:
    """`docker compose` with a name and a rendered file of its own."""

    def __init__(self, bench: Bench, compose: ComposeFile, name: str) -> None:
        """Take the compose file that it is rendered from, and its name."""
        self.bench, self.compose, self.name = bench, compose, name
        self.file: Path = bench.scratch / "compose.json"

    def render(self, project: Mapping[str, Any]) -> None:
        """Write the project's own compose file; it holds made-up secrets."""
        self.file.touch(mode=0o600)
        self.file.write_text(json.dumps(project), encoding="utf-8")

    def start(self, names: list[str]) -> None:
        """Start the services and wait until all are healthy; raises `NotStarted` with the reason."""
        up = self._up(names)
        while True:
            waiting, lost = development.waiting_for(self._states(), names)
            if lost:
                raise NotStarted(f"{'; '.join(lost)}{self._last_log(lost[0])}")
            if not waiting:
                return
            if up.exit != 0:
                raise NotStarted(f"docker compose up failed: {up.last_words}")
            if self.bench.left <= _PROBE_SECONDS or self.bench.stop.wait(_PROBE_SECONDS):
                raise NotStarted(f"not healthy in time: {', '.join(waiting)}{self._last_log(waiting[0])}")

    def stop(self, services: list[str]) -> None:
        """Stop services in their own time; one that has to be killed is stopped, too."""
        self._run("stop", *services)

    def address(self, service: str, port: str) -> str:
        """Return `ADDRESS:PORT` of a published port; raises `NotStarted` when it is not published."""
        asked = self._run("port", service, port)
        address = asked.stdout.strip()
        if asked.exit != 0 or ":" not in address:
            raise NotStarted(f"{service} does not publish port {port}: {asked.last_words}")
        return address

    def _up(self, names: list[str]) -> Finished:
        """Start the services; one that was unhealthy for a moment, while others waited for it, gets another chance."""
        for _ in range(_STARTS):
            up = self._run("up", "--detach", "--no-build", *names)
            if up.trouble:
                raise NotStarted(up.trouble)
            if "is unhealthy" not in up.stderr:
                break
        return up

    def _states(self) -> list[dict[str, Any]]:
        asked = self._run("ps", "--all", "--format", "json")
        self.compose.commands.pop()  # asked twice a second: the evidence is in the last word, not in each
        try:
            return [json.loads(line) for line in asked.stdout.splitlines() if line.strip()]
        except json.JSONDecodeError as error:
            raise NotStarted("docker compose ps printed no JSON") from error

    def _last_log(self, about: str) -> str:
        """Return the last line that a service wrote; `about` is a sentence that begins with its name."""
        asked = self._run("logs", "--no-color", "--no-log-prefix", "--tail", "5", about.split()[0])
        return f"; its last line: {asked.last_words}" if asked.last_words else ""

    def _run(self, *arguments: str) -> Finished:
        return self.compose.run(*arguments, project=self.name, file=self.file)


def _require_engine(bench: Bench) -> None:
    answered = bench.run(["docker", "version", "--format", "{{.Server.Version}}"], seconds=20)
    if answered.exit != 0:
        why = answered.trouble or answered.last_words
        raise NotStarted(f"Docker does not answer ({why}): ansible-playbook prepare-host.yml")


def _of_others(bench: Bench) -> set[str]:
    """Return the services of components that the judged one has not declared."""
    components = bench.subject.operation["components"].values()
    return {name for entry in components for name in entry["services"]} - set(bench.subject.integration_services)


def _remove_orphans(bench: Bench) -> None:
    """Take away the projects of runs on this machine that were killed before they could do it themselves."""
    label = development.OWNER_LABEL
    columns = f'{{{{.Label "com.docker.compose.project"}}}} {{{{.Label "{label}"}}}}'
    listed = bench.run(["docker", "ps", "--all", "--filter", f"label={label}", "--format", columns])
    for name in development.orphaned(listed.stdout, socket.gethostname(), _is_alive):
        remove(bench, name)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # another user's
    return True
