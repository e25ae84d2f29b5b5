"""Indicator `tests`: runs the component's tests of one kind and measures the coverage of exactly its own files.

Document: `{exit, passed, failed, skipped, ran, failures, coverage: {percent, statements, covered, files, gaps},
problems, no_coverage}`. `coverage` is null where no data was collected; `no_coverage` then says why.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from ..gates import junit
from ..gates.bench import Bench
from ..gates.by_hand import command_line
from ..gates.coverage import NO_SETTINGS, Coverage, of_files
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.process import Finished
from .indicator import Indicator

_ENDINGS = {
    2: "pytest was interrupted before it ran the tests",
    3: "pytest crashed",
    4: "pytest could not be started as the catalogue asks",
    5: "no test was selected",
}
DATA = "coverage.data"
_PYTEST_SETTINGS = ("pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini")


class Tests(Indicator):
    """pytest under coverage, by the kind of tests that `kind` names in the catalogue."""

    keys: ClassVar[tuple[str, ...]] = ("kind",)

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the kind."""
        if parameters.get("kind") not in ("unit", "integration"):
            raise DefinitionError(f"{where}.kind", f"is {parameters.get('kind')!r}", "unit or integration")

    def measure(self, bench: Bench) -> Measurement:
        """Run the tests once, for every gate that looks at them."""
        kind, subject = self.parameters["kind"], bench.subject
        tests = subject.entry["tests"].get(kind)
        if not tests or not tests["paths"]:
            name = subject.component
            return Measurement(
                problem=f"no {kind} tests are declared (components.{name}.tests.{kind} in the catalogue)"
            )
        return run_tests(bench, tests, tests["environment"], subject.python_files)


def run_tests(bench: Bench, tests: Mapping[str, Any], environment: Mapping[str, str], files: list[str]) -> Measurement:
    """Run declared tests with some variables and return the measurement; `files` are those to cover."""
    ran = run_pytest(bench, tests, environment, files)
    return ran if ran.problem else with_coverage(ran, coverage_here(bench, files))


def run_pytest(
    bench: Bench, tests: Mapping[str, Any], environment: Mapping[str, str], files: list[str], name: str = ""
) -> Measurement:
    """Run declared tests, under coverage where there are `files`; the document has no coverage yet.

    `name` tells the report of one run from another's in the same scratch folder.
    """
    report = bench.scratch / f"{name}junit.xml"
    selection = [*tests["paths"], *(["-k", tests["select"]] if tests["select"] else [])]
    include = [f"--include={','.join(files)}"] if files else []
    data = f"--data-file={bench.scratch / DATA}"
    under_coverage = ["-m", "coverage", "run", NO_SETTINGS, data, *include] if files else []
    measured = [*_python(bench), *under_coverage, "-m", "pytest"]
    quiet = ["-p", "no:cacheprovider", *_without_second_coverage(bench), f"--junitxml={report}"]
    finished = bench.run([*measured, *quiet, *selection], more=environment)
    tools = {tool: bench.version(tool, "run") for tool in (["pytest", "coverage"] if files else ["pytest"])}
    common: dict[str, Any] = {"tools": tools, "by_hand": _by_hand(bench, selection, include)}
    text = report.read_text(encoding="utf-8", errors="replace") if report.exists() else ""
    if finished.trouble or not text:
        why = finished.trouble or _ENDINGS.get(finished.exit or 0, f"pytest ended with exit code {finished.exit}")
        return Measurement(problem=_with_last_words(why, finished), commands=(finished,), **common)
    reports = {f"{name}junit.xml": text}
    try:
        outcomes = junit.read(text)
    except ValueError as error:
        return Measurement(problem=str(error), commands=(finished,), reports=reports, **common)
    document = {
        "exit": finished.exit,
        "passed": outcomes.passed,
        "failed": outcomes.failed,
        "skipped": outcomes.skipped,
        "ran": outcomes.passed + outcomes.failed,
        "failures": list(outcomes.failures),
        "problems": _problems(finished, outcomes),
    }
    return Measurement(document=document, commands=(finished,), reports=reports, **common)


def coverage_here(bench: Bench, files: list[str], ran: Mapping[str, list[int]] | None = None) -> Coverage:
    """Return the coverage of `files` by the tests that have just been run, and by what `ran` elsewhere meanwhile."""
    return of_files(bench, _python(bench), bench.scratch / DATA, files, ran)


def with_coverage(ran: Measurement, coverage: Coverage) -> Measurement:
    """Return the measurement of tests with the coverage in its document, its commands and its reports."""
    reports = {**ran.reports, **({"coverage.json": coverage.report} if coverage.report else {})}
    document = {**ran.document, "coverage": coverage.found, "no_coverage": coverage.why_none}
    return replace(ran, document=document, commands=(*ran.commands, *coverage.commands), reports=reports)


def _python(bench: Bench) -> list[str]:
    return [*bench.prefix("run"), "python"] if bench.prefix("run") else [sys.executable]


def _by_hand(bench: Bench, selection: list[str], include: list[str]) -> str:
    prefix = bench.prefix("run")
    if not include:
        return command_line(bench.subject, [*prefix, "pytest", *selection], imports=True)
    run = [*prefix, "coverage", "run", NO_SETTINGS, *include, "-m", "pytest", *selection]
    shown = command_line(bench.subject, [*prefix, "coverage", "report", NO_SETTINGS, "--show-missing"])
    return f"{command_line(bench.subject, run, imports=True)}; {shown.partition(' && ')[2]}"


def _problems(finished: Finished, outcomes: junit.Outcomes) -> list[str]:
    problems = list(outcomes.uncollected)
    if finished.exit in _ENDINGS and not problems:
        problems.append(_with_last_words(_ENDINGS[finished.exit], finished))
    elif finished.exit not in (0, 1) and not problems:
        problems.append(f"pytest ended with exit code {finished.exit}")
    elif (finished.exit == 0) != (not outcomes.failed) and not problems:
        problems.append(f"pytest ended with exit code {finished.exit}, but its report names {outcomes.failed} failures")
    elif not problems and outcomes.skipped and not outcomes.passed + outcomes.failed:
        problems.append(f"all {outcomes.skipped} selected tests were skipped")
    return problems


def _without_second_coverage(bench: Bench) -> list[str]:
    """Return the switch for pytest-cov where the monorepo's settings start it: two measurements disturb each other."""
    files = (bench.subject.export / name for name in _PYTEST_SETTINGS)
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file())
    return ["--no-cov"] if any("--cov" in text for text in texts) else []


def _with_last_words(why: str, finished: Finished) -> str:
    return f"{why}: {finished.last_words}" if finished.last_words else why
