"""Indicator `tests`: runs the component's tests of one kind and measures the coverage of exactly its own files.

Document: `{exit, passed, failed, skipped, ran, failures, coverage: {percent, statements, covered, files, gaps},
problems, no_coverage}`. `coverage` is null where no data was collected; `no_coverage` then says why.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..gates import junit
from ..gates.bench import PROGRAMS, Bench
from ..gates.by_hand import command_line
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
# Settings of the monorepo's own could leave files out, so none are read: the number is the same everywhere.
_NO_SETTINGS = "--rcfile=/dev/null"
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
    report, data = bench.scratch / "junit.xml", bench.scratch / "coverage.data"
    selection = [*tests["paths"], *(["-k", tests["select"]] if tests["select"] else [])]
    include = [f"--include={','.join(files)}"] if files else []
    python = [*bench.prefix("run"), "python"] if bench.prefix("run") else [sys.executable]
    under_coverage = ["-m", "coverage", "run", _NO_SETTINGS, f"--data-file={data}", *include] if files else []
    measured = [*python, *under_coverage, "-m", "pytest"]
    quiet = ["-p", "no:cacheprovider", *_without_second_coverage(bench), f"--junitxml={report}"]
    finished = bench.run([*measured, *quiet, *selection], more=environment)
    tools = {tool: bench.version(tool, "run") for tool in (["pytest", "coverage"] if files else ["pytest"])}
    common: dict[str, Any] = {"tools": tools, "by_hand": _by_hand(bench, selection, include)}
    text = report.read_text(encoding="utf-8", errors="replace") if report.exists() else ""
    if finished.trouble or not text:
        why = finished.trouble or _ENDINGS.get(finished.exit or 0, f"pytest ended with exit code {finished.exit}")
        return Measurement(problem=_with_last_words(why, finished), commands=(finished,), **common)
    try:
        outcomes = junit.read(text)
    except ValueError as error:
        return Measurement(problem=str(error), commands=(finished,), reports={"junit.xml": text}, **common)
    coverage, why_none, reporting, raw = _coverage(bench, python, data, files)
    document = {
        "exit": finished.exit,
        "passed": outcomes.passed,
        "failed": outcomes.failed,
        "skipped": outcomes.skipped,
        "ran": outcomes.passed + outcomes.failed,
        "failures": list(outcomes.failures),
        "coverage": coverage,
        "no_coverage": why_none,
        "problems": _problems(finished, outcomes),
    }
    reports = {"junit.xml": text, **({"coverage.json": raw} if raw else {})}
    return Measurement(document=document, commands=(finished, *reporting), reports=reports, **common)


def _by_hand(bench: Bench, selection: list[str], include: list[str]) -> str:
    prefix = bench.prefix("run")
    if not include:
        return command_line(bench.subject, [*prefix, "pytest", *selection], imports=True)
    run = [*prefix, "coverage", "run", _NO_SETTINGS, *include, "-m", "pytest", *selection]
    shown = command_line(bench.subject, [*prefix, "coverage", "report", _NO_SETTINGS, "--show-missing"])
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


def _coverage(
    bench: Bench, python: list[str], data: Path, files: list[str]
) -> tuple[dict[str, Any] | None, str, tuple[Finished, ...], str]:
    """Return the coverage of `files`, why there is none, the commands used, and the raw report."""
    if not files:
        return None, "the component has no Python files", (), ""
    if not data.exists():
        return None, f"no test imports any of the component's files ({', '.join(files[:3])}): no coverage data", (), ""
    report = bench.scratch / "coverage.json"
    finished = bench.run([*python, str(PROGRAMS / "coverage_of.py"), str(data), str(report), *files])
    if finished.exit != 0 or not report.exists():
        why = finished.trouble or finished.last_words
        return None, f"the coverage report could not be made: {why}", (finished,), ""
    raw = report.read_text(encoding="utf-8")
    touched = json.loads(finished.stdout)["measured"]
    if not touched:
        return None, f"no test imports any of the component's files ({', '.join(files[:3])})", (finished,), raw
    return _summary(json.loads(raw)), "", (finished,), raw


def _summary(report: Mapping[str, Any]) -> dict[str, Any]:
    files = [
        {
            "file": name,
            "percent": round(found["summary"]["percent_covered"], 2),
            "statements": found["summary"]["num_statements"],
            "missing": found["missing_lines"],
        }
        for name, found in sorted(report["files"].items())
    ]
    gaps = [f"{entry['file']}: {entry['percent']:g} %, not run: {_ranges(entry['missing'])}" for entry in files]
    totals = report["totals"]
    statements, covered = totals["num_statements"], totals["covered_lines"]
    return {
        # Cut, not rounded: 69.996 % must not read 70 %.
        "percent": int(10000 * covered / statements) / 100 if statements else None,
        "statements": statements,
        "covered": covered,
        "files": files,
        "gaps": [gap for gap, entry in zip(gaps, files, strict=True) if entry["missing"]],
    }


def _ranges(lines: list[int]) -> str:
    """Return line numbers as a person writes them: `3-7, 12`."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    return ", ".join([*texts[:12], *(["…"] if len(texts) > 12 else [])])


def _without_second_coverage(bench: Bench) -> list[str]:
    """Return the switch for pytest-cov where the monorepo's settings start it: two measurements disturb each other."""
    files = (bench.subject.export / name for name in _PYTEST_SETTINGS)
    texts = (path.read_text(encoding="utf-8", errors="replace") for path in files if path.is_file())
    return ["--no-cov"] if any("--cov" in text for text in texts) else []


def _with_last_words(why: str, finished: Finished) -> str:
    return f"{why}: {finished.last_words}" if finished.last_words else why
