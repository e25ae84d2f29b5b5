"""Indicator `integration`: the component's integration tests against a development project of its own.

The project is started from the export and always removed with its volumes. Document: as of indicator `tests`, with
`services` besides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from ..gates import development
from ..gates.addresses import addressed
from ..gates.bench import Bench
from ..gates.by_hand import command_line
from ..gates.compose_file import ComposeError, ComposeFile, NoCompose, made_up_environment
from ..gates.measurement import Measurement
from ..gates.process import Finished
from .indicator import Indicator
from .tests import run_tests

_PROBE_SECONDS = 0.5
_REMOVAL_SECONDS = 60
CACHE = "tta-gate-cache"


class NotStarted(Exception):
    """The development project could not be started, or did not become healthy: one sentence."""


class Integration(Indicator):
    """Starts what the component needs, waits until all of it is healthy, runs the tests, takes it all away."""

    heavy: ClassVar[bool] = True

    def measure(self, bench: Bench) -> Measurement:
        """Run the integration tests that the catalogue declares."""
        subject = bench.subject
        tests = subject.entry["tests"].get("integration")
        where = f"components.{subject.component}.tests.integration in the catalogue"
        if not tests or not tests["paths"]:
            return Measurement(problem=f"no integration tests are declared ({where})")
        typed = [*bench.prefix("run"), "pytest", *tests["paths"]]
        by_hand = command_line(subject, [*typed, *(["-k", tests["select"]] if tests["select"] else [])], imports=True)
        if not subject.integration_services:
            return run_tests(bench, tests, tests["environment"], [])
        settings = subject.settings.get("development")
        if not settings:
            return Measurement(problem="monorepo.development.compose_file is not set in the catalogue", by_hand=by_hand)
        example = subject.export / settings["env_example"]
        if not example.is_file():
            return Measurement(problem=f"{settings['env_example']} is not in the commit", by_hand=by_hand)
        made_up, values = made_up_environment(example.read_text(encoding="utf-8"))
        environment = bench.scratch / "environment"
        environment.touch(mode=0o600)
        environment.write_text(made_up, encoding="utf-8")
        compose = ComposeFile(bench, settings["compose_file"], environment)
        try:
            with _project(bench, compose) as (project, services):
                variables = addressed(tests["environment"], project.address)
                measured = run_tests(bench, tests, variables, [])
        except (ComposeError, NoCompose, NotStarted, development.NotIsolated) as error:
            problem = _hidden(str(error), values)
            return Measurement(problem=problem, commands=_hidden_commands(compose.commands, values), by_hand=by_hand)
        document = {**measured.document, "services": services} if measured.document else None
        return replace(
            measured,
            document=document,
            commands=_hidden_commands([*compose.commands, *measured.commands], values),
            reports={name: _hidden(text, values) for name, text in measured.reports.items()},
            by_hand=by_hand,
        )


class Project:
    """A development project: `docker compose` with its own name and its own rendered file."""

    def __init__(self, bench: Bench, compose: ComposeFile, name: str, file: Path) -> None:
        """Take the project's name and the file it is rendered to."""
        self.bench, self.compose, self.name, self.file = bench, compose, name, file

    def compose_up(self, names: list[str]) -> None:
        """Start the services and wait until all are healthy; raises `NotStarted` with the reason."""
        up = self.compose.run("up", "--detach", "--no-build", *names, project=self.name, file=self.file)
        if up.trouble:
            raise NotStarted(up.trouble)
        while True:
            waiting, lost = development.waiting_for(self.states(), names)
            if lost:
                raise NotStarted(f"{'; '.join(lost)}{self._last_log(lost[0].split()[0])}")
            if not waiting:
                return
            if up.exit != 0:
                raise NotStarted(f"docker compose up failed: {up.last_words}")
            if self.bench.left <= _PROBE_SECONDS or self.bench.stop.wait(_PROBE_SECONDS):
                raise NotStarted(f"not healthy in time: {', '.join(waiting)}{self._last_log(waiting[0].split()[0])}")

    def states(self) -> list[dict[str, Any]]:
        """Return what Docker Compose says of the project's containers."""
        asked = self.compose.run("ps", "--all", "--format", "json", project=self.name, file=self.file)
        self.compose.commands.pop()  # asked twice a second: the evidence is in the last word, not in each
        try:
            return [json.loads(line) for line in asked.stdout.splitlines() if line.strip()]
        except json.JSONDecodeError as error:
            raise NotStarted("docker compose ps printed no JSON") from error

    def address(self, service: str, port: str) -> str:
        """Return `ADDRESS:PORT` of a published port; raises `NotStarted` when it is not published."""
        asked = self.compose.run("port", service, port, project=self.name, file=self.file)
        address = asked.stdout.strip()
        if asked.exit != 0 or ":" not in address:
            raise NotStarted(f"{service} does not publish port {port}: {asked.last_words}")
        return address

    def remove(self) -> None:
        """Take the project away with its volumes, whatever state it is in and however little time is left."""
        self.bench.run_to_the_end(
            ["docker", "compose", "-p", self.name, "down", "--volumes", "--remove-orphans", "--timeout", "5"],
            seconds=_REMOVAL_SECONDS,
        )

    def _last_log(self, service: str) -> str:
        asked = self.compose.run("logs", "--no-color", "--no-log-prefix", "--tail", "5", service, project=self.name)
        return f"; its last line: {asked.last_words}" if asked.last_words else ""


@contextmanager
def _project(bench: Bench, compose: ComposeFile) -> Iterator[tuple[Project, list[str]]]:
    subject = bench.subject
    answered = bench.run(["docker", "version", "--format", "{{.Server.Version}}"], seconds=20)
    if answered.exit != 0:
        raise NotStarted(
            f"Docker does not answer ({answered.trouble or answered.last_words}): sudo systemctl start docker"
        )
    config = compose.resolved()
    wanted = subject.integration_services
    missing = [name for name in wanted if name not in config["services"]]
    if missing:
        raise NotStarted(f"{compose.path.name} has no service {', '.join(missing)}")
    of_components = {name for entry in subject.operation["components"].values() for name in entry["services"]}
    names = development.needed(config, wanted, of_components - set(wanted))
    suffix = str(subject.operation["run"]).lower().rpartition("-")[2]
    project = Project(bench, compose, f"tta-gate-{subject.component}-{suffix}", bench.scratch / "compose.json")
    try:
        images = _built(project, config, names)
        project.file.touch(mode=0o600)
        project.file.write_text(json.dumps(development.rendered(config, names, images, subject.export)))
        project.compose_up(names)
        yield project, names
    finally:
        project.remove()
        _untag(project, config, names)


def _built(project: Project, config: Mapping[str, Any], names: list[str]) -> dict[str, str]:
    """Build the services' images under names of this run's own and return their ids; raises `NotStarted`."""
    to_build = [name for name in names if config["services"][name].get("build")]
    if not to_build:
        return {}
    services = {name: {"build": config["services"][name]["build"], "image": _tag(project, name)} for name in to_build}
    file = project.bench.scratch / "build.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"services": services}))
    built = project.compose.run("build", "--quiet", *to_build, project=project.name, file=file)
    if built.exit != 0:
        raise NotStarted(f"the images could not be built: {built.trouble or built.last_words}")
    ids = {}
    for name in to_build:
        asked = project.bench.run(["docker", "image", "inspect", "--format", "{{.Id}}", _tag(project, name)])
        if asked.exit != 0:
            raise NotStarted(f"the image of {name} is gone: {asked.last_words}")
        ids[name] = asked.stdout.strip()
        _keep_layers(project.bench, name, ids[name])
    return ids


def _keep_layers(bench: Bench, service: str, image: str) -> None:
    """Leave one name on the newest image of a service, so that its layers are there next time, and on no older one."""
    kept = f"{CACHE}/{bench.subject.component}:{service}"
    before = bench.run(["docker", "image", "inspect", "--format", "{{.Id}}", kept]).stdout.strip()
    bench.run(["docker", "image", "tag", image, kept])
    if before and before != image:
        bench.run(["docker", "image", "rm", before])  # stays by itself where something else uses it


def _untag(project: Project, config: Mapping[str, Any], names: list[str]) -> None:
    tags = [_tag(project, name) for name in names if config["services"][name].get("build")]
    if tags:
        project.bench.run_to_the_end(["docker", "image", "rm", "--no-prune", *tags], seconds=_REMOVAL_SECONDS)


def _tag(project: Project, service: str) -> str:
    return f"{project.name}-{service}:latest"


def _hidden(text: str, values: list[str]) -> str:
    for value in values:
        text = text.replace(value, "***")
    return text


def _hidden_commands(commands: list[Finished], values: list[str]) -> tuple[Finished, ...]:
    """Return the commands for the evidence, without the made-up secrets and without the resolved compose file."""
    return tuple(
        replace(
            finished,
            stdout="" if "config" in finished.arguments else _hidden(finished.stdout, values),
            stderr=_hidden(finished.stderr, values),
        )
        for finished in commands
    )
