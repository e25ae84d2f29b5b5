"""Indicator `integration`: the component's integration tests against a development project of its own.

The project is started from the export and always removed with its volumes. Document: as of indicator `tests` without
coverage, with `services` besides; one start serves whatever the parameters ask for besides:

- `coverage: true`: `coverage` and `no_coverage` as of `tests`, of what ran in the tests and in the containers;
  `coverage.pythons` is the version of Python by service
- `e2e: true`: `e2e: {ran, failed, passed, skipped, failures, problems, statement}`
- `probes: true`: `health: {asked, met, unmet, latency_ms: {median, longest}, findings, problems, statement}` and
  `metrics: {lines, families, samples, findings, problems, statement}`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from ..gates import development, development_inputs
from ..gates.bench import Bench
from ..gates.by_hand import command_line
from ..gates.compose_file import ComposeError, ComposeFile, NoCompose, made_up_environment
from ..gates.development_project import NotStarted, running
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.notebook import Notebook
from ..gates.process import Finished
from .indicator import Indicator

PARAMETERS = ("coverage", "e2e", "probes")

if TYPE_CHECKING:
    from ..gates.inputs import SubjectFacts


class Integration(Indicator):
    """Starts what the component needs, waits until all of it is healthy, runs the tests, takes it all away."""

    keys: ClassVar[tuple[str, ...]] = PARAMETERS
    heavy: ClassVar[bool] = True

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check that what is asked for besides is asked for by true or false."""
        for key in PARAMETERS:
            if not isinstance(parameters.get(key, False), bool):
                raise DefinitionError(f"{where}.{key}", f"is {parameters[key]!r}", "true or false")

    def facts(self, facts: SubjectFacts) -> Mapping[str, Any]:
        """Depend on all that a project is started from, where one is started."""
        carrier = facts.entry.get("carried_by")
        names = [facts.component, *facts.operation.get("dependencies", ()), *([carrier] if carrier else [])]
        started = any(facts.operation["components"][name]["services"] for name in names)
        return development_inputs.of(facts) if started else {}

    def measure(self, bench: Bench) -> Measurement:
        """Run the integration tests that the catalogue declares, and what the parameters ask for."""
        # only where tests run: what asks a service loads longer than it takes to take a verdict over
        from .asked import Asked

        subject = bench.subject
        tests = subject.entry["tests"].get("integration")
        where = f"components.{subject.component}.tests.integration in the catalogue"
        if not tests or not tests["paths"]:
            return Measurement(problem=f"no integration tests are declared ({where})")
        typed = [*bench.prefix("run"), "pytest", *tests["paths"]]
        by_hand = command_line(subject, [*typed, *(["-k", tests["select"]] if tests["select"] else [])], imports=True)
        asked = Asked(bench, self.parameters)
        if not subject.integration_services:
            return asked.alone()
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
        notebook = Notebook(bench.scratch / "noting", subject, asked.noting)
        try:
            with running(bench, compose, notebook) as (project, names):
                measured = asked.of(project, notebook)
        except (ComposeError, NoCompose, NotStarted, development.NotIsolated) as error:
            problem = _hidden(str(error), values)
            return Measurement(problem=problem, commands=_hidden_commands(compose.commands, values), by_hand=by_hand)
        document = {**measured.document, "services": names} if measured.document else None
        return replace(
            measured,
            document=document,
            commands=_hidden_commands([*compose.commands, *measured.commands], values),
            reports={name: _hidden(text, values) for name, text in measured.reports.items()},
            by_hand=by_hand,
        )


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
