"""Indicators for tests of judging: they do what a test says, run nothing, and need nothing of the monorepo."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, ClassVar
from unittest import mock

from ansible_collections.tta.ops.plugins.plugin_utils.gates import jobs, running
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import Bench
from ansible_collections.tta.ops.plugins.plugin_utils.gates.definition import Gate, check
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judge import Judged, judge
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.subject import Subject
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.indicator import Indicator
from definitions import ONE, lint

FINE = Measurement(document={"found": 0, "looked": 1})
Does = Callable[[str, Bench], Measurement]


@contextmanager
def quick(does: Does) -> Iterator[None]:
    """Make `quick` and `quick-heavy` types of indicators whose measurement is what `does` returns for their `name`."""

    class Quick(Indicator):
        keys: ClassVar[tuple[str, ...]] = ("name",)

        def measure(self, bench: Bench) -> Measurement:
            return does(self.parameters["name"], bench)

    class QuickHeavy(Quick):
        heavy: ClassVar[bool] = True

    known = {**KNOWN, "quick": Quick, "quick-heavy": QuickHeavy}
    with mock.patch.object(running, "KNOWN", known), mock.patch.object(jobs, "KNOWN", known):
        yield


def gate(name: str, *, heavy: bool = False, measures: str = "", **more: Any) -> dict[str, Any]:
    """One definition; gates that measure the same share the measurement."""
    indicator = {"type": "quick-heavy" if heavy else "quick", "name": measures or name}
    return lint(name=name, indicator=indicator, measure="found", examined="looked", **more)


def checked(*definitions: Mapping[str, Any]) -> list[Gate]:
    return check(list(definitions), ONE, jobs.KNOWN)


def subject(folder: Path) -> Subject:
    (folder / "export").mkdir(exist_ok=True)
    entry = {"name": "lamp", "paths": ["lamp.py"], "maturity": "M.md", "readme": "R.md", "services": []}
    operation = {
        "component": "lamp",
        "entry": entry,
        "components": {"lamp": entry},
        "settings": {},
        "artifact": {"component": "lamp", "commit": "c0ffee", "tree": "t"},
        "monorepo": "/home/jane/lamps",
    }
    return Subject(operation, folder / "export", {}, {}, None, "")


def judged(gates: list[Gate], folder: Path, **more: Any) -> dict[str, Judged]:
    lines: list[str] = more.pop("lines", [])
    stop = more.pop("stop", None) or Event()
    done = judge(gates, subject(folder), folder / "scratch", lines.append, stop, **more)
    assert [one.gate for one in done] == gates
    return {one.gate.name: one for one in done}
