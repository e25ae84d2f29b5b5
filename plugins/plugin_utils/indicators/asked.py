"""What the indicator `integration` is asked for: the integration tests, and what its parameters name besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..gates import noted_lines
from ..gates.addresses import addressed
from ..gates.bench import Bench
from ..gates.development_project import NotStarted, Project
from ..gates.live import Find, Live
from ..gates.live_probes import not_asked
from ..gates.measurement import Measurement
from ..gates.notebook import Notebook
from .integration import PARAMETERS
from .tests import coverage_here, run_pytest, with_coverage


class Asked:
    """Runs the tests of one component, and asks it what else is wanted, wherever `find` says that it is."""

    def __init__(self, bench: Bench, parameters: Mapping[str, Any]) -> None:
        """Take the indicator's parameters."""
        self._bench, self._subject = bench, bench.subject
        self._wants = {key: bool(parameters.get(key)) for key in PARAMETERS}
        self._files = bench.subject.python_files if self._wants["coverage"] else []
        self._tests = bench.subject.entry["tests"]

    @property
    def noting(self) -> list[str]:
        """The services that have to note which lines they run."""
        return self._subject.deployed_services if self._files else []

    def alone(self) -> Measurement:
        """Test a library that needs no services: its tests import it."""
        declared = self._tests["integration"]
        measured = run_pytest(self._bench, declared, declared["environment"], self._files)
        if measured.problem or not any(self._wants.values()):
            return measured
        said = f"{self._subject.component} has no service of its own: nothing to ask"
        probed = {key: not_asked(statement=said) for key in ("health", "metrics")} if self._wants["probes"] else {}
        measured = _with(self._with_e2e(measured, _nowhere), **probed)
        return with_coverage(measured, coverage_here(self._bench, self._files)) if self._wants["coverage"] else measured

    def of(self, project: Project, notebook: Notebook) -> Measurement:
        """Test the component in a project that runs; its services are stopped when their lines are wanted."""
        declared = self._tests["integration"]
        variables = addressed(declared["environment"], project.address)
        measured = run_pytest(self._bench, declared, variables, self._files)
        if measured.problem or not any(self._wants.values()):
            return measured
        notebook.mark()
        measured = self._with_e2e(measured, project.address)
        if self._wants["probes"]:
            live = Live(self._bench, project.address)
            measured = _with(measured, health=live.health(), metrics=live.metrics())
            measured = replace(measured, commands=(*measured.commands, *live.commands))
        notebook.mark()
        return self._with_coverage(measured, project, notebook) if self._wants["coverage"] else measured

    def _with_coverage(self, measured: Measurement, project: Project, notebook: Notebook) -> Measurement:
        if notebook.services:
            project.stop(notebook.services)
        noted = notebook.read()
        coverage = coverage_here(self._bench, self._files, noted_lines.together(noted, self._files))
        missing = noted_lines.missing(noted, self._subject.entry["services"]) if self._files else []
        if missing:
            coverage = replace(coverage, found=None, why_none="; ".join(missing))
        if coverage.found:
            pythons = {service: sorted(found.pythons) for service, found in noted.items()}
            coverage = replace(coverage, found={**coverage.found, "pythons": pythons})
        return with_coverage(measured, coverage)

    def _with_e2e(self, measured: Measurement, find: Find) -> Measurement:
        """Add what came of the end-to-end tests; a library needs none."""
        declared = self._tests.get("e2e")
        name = self._subject.component
        if not self._wants["e2e"]:
            return measured
        if not declared or not declared["paths"]:
            if self._subject.entry["services"]:
                where = f"components.{name}.tests.e2e in the catalogue"
                return _with(measured, e2e=_no_tests(problems=[f"no e2e tests are declared ({where})"]))
            return _with(
                measured, e2e=_no_tests(examined=1, statement=f"{name} has no service of its own: no e2e tests")
            )
        try:
            variables = addressed(declared["environment"], find)
        except NotStarted as error:
            return _with(measured, e2e=_no_tests(problems=[str(error)]))
        ran = run_pytest(self._bench, declared, variables, [], name="e2e-")
        told = {**ran.document, "examined": ran.document["ran"]} if ran.document else {}
        problems = [ran.problem] if ran.problem else told["problems"]
        measured = replace(
            measured, commands=(*measured.commands, *ran.commands), reports={**measured.reports, **ran.reports}
        )
        return _with(measured, e2e={**_no_tests(), **told, "problems": problems})


def _with(measured: Measurement, **parts: Any) -> Measurement:
    return replace(measured, document={**measured.document, **parts})


def _no_tests(**said: Any) -> dict[str, Any]:
    return {"ran": 0, "failed": 0, "examined": 0, "failures": [], "problems": [], "statement": None, **said}


def _nowhere(service: str, port: str) -> str:
    raise NotStarted(f"the component needs no services, but its tests ask for port {port} of {service}")
