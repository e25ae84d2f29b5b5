"""A host, a monorepo and a state folder for each test; and the table of faults at the end of the run."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from faulty.machine import machine, rebootable
from faulty.standing import module_host, standing, way
from faulty.table import Entry, text
from tiny.fixtures import host, program
from tiny.fleet_fixtures import fleet, pair

__all__ = ["fleet", "host", "machine", "module_host", "pair", "program", "rebootable", "standing", "way"]
ENTRIES = pytest.StashKey[list[Entry]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ENTRIES] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note for the table what the host program said to a fault, and how its last run ended."""
    report = yield
    if report.when == "call" or report.failed:
        results = [one for value in getattr(item, "funcargs", {}).values() for one in getattr(value, "results", [])]
        said = next((one for one in results if one["code"]), results[-1] if results else {})
        for mark in item.iter_markers("fault"):
            last = str(results[-1]["outcome"]) if results else ""
            item.config.stash[ENTRIES].append(Entry(mark.args[0], said.get("message", ""), last, report.passed))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in text(config.stash[ENTRIES]):
        terminalreporter.write_line(line)
