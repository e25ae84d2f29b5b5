"""Judges a component: all gates side by side, each in its own time; every gate speaks before anything is concluded."""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from ..indicators import KNOWN
from ..look.style import Look
from .bench import Bench
from .by_hand import command_line
from .definition import Gate
from .export import export
from .measurement import Measurement
from .subject import Subject
from .tokens import expand
from .verdict import verdict

STILL_RUNNING_SECONDS = 15
Progress = Callable[[str], None]
_PLAIN = Look()


@dataclass(frozen=True)
class Judged:
    """One gate's verdict with the measurement behind it; gates that share an indicator share the measurement."""

    gate: Gate
    verdict: Mapping[str, Any]
    measurement: Measurement


@dataclass(frozen=True)
class _Job:
    """One indicator, measured once for all of its gates."""

    gates: tuple[Gate, ...]
    heavy: bool

    @property
    def names(self) -> str:
        return ", ".join(gate.name for gate in self.gates)


@contextmanager
def exported(
    operation: Mapping[str, Any], stages: Mapping[str, str], environment: Mapping[str, Any], last_promoted_commit: str
) -> Iterator[tuple[Subject, Path]]:
    """Yield the subject, exported from its commit, and a scratch folder; both are removed afterwards.

    Raises `Refusal` when git cannot export one of the commits.
    """
    with tempfile.TemporaryDirectory(prefix="tta-gates-", ignore_cleanup_errors=True) as folder:
        base = Path(folder).resolve()
        monorepo = str(operation["monorepo"])
        files = export(monorepo, operation["artifact"]["commit"], base / "export")
        before = export(monorepo, last_promoted_commit, base / "before") if last_promoted_commit else None
        yield Subject(operation, files, stages, environment, before, last_promoted_commit), base / "scratch"


def judge(gates: Sequence[Gate], subject: Subject, scratch: Path, progress: Progress, stop: Event) -> list[Judged]:
    """Judge all gates and return what came of each, in the order of `gates`.

    An interruption sets `stop`: every running command ends, what was started is taken away, then it goes on upwards.
    """
    judged: dict[str, Judged] = {}
    jobs = _jobs(gates)
    cores = max(1, os.cpu_count() or 1)
    with ThreadPoolExecutor(cores) as light, ThreadPoolExecutor(1) as heavy:
        running: dict[Future[list[Judged]], _Job] = {}
        for number, job in enumerate(sorted(jobs, key=lambda job: -max(gate.seconds for gate in job.gates))):
            pool = heavy if job.heavy else light
            running[pool.submit(_judge_job, job, subject, scratch / str(number), stop)] = job
        try:
            while running:
                done, _ = wait(running, timeout=STILL_RUNNING_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    del running[future]
                    for one in future.result():
                        judged[one.gate.name] = one
                        progress(_ended(one))
                if not done:
                    progress(f"     … still running: {', '.join(job.names for job in running.values())}")
        except BaseException:
            stop.set()
            for future in running:
                future.cancel()
            raise
    return [judged[gate.name] for gate in gates]


def _jobs(gates: Sequence[Gate]) -> list[_Job]:
    together: dict[str, list[Gate]] = {}
    for gate in gates:
        together.setdefault(json.dumps(gate.indicator, sort_keys=True), []).append(gate)
    return [_Job(tuple(some), KNOWN[some[0].indicator["type"]].heavy) for some in together.values()]


def _judge_job(job: _Job, subject: Subject, scratch: Path, stop: Event) -> list[Judged]:
    started, earned = time.monotonic(), datetime.now(UTC)
    bench = Bench(subject, scratch, max(gate.seconds for gate in job.gates), stop)
    first = job.gates[0].indicator
    try:
        measurement = KNOWN[first["type"]](first).measure(bench)
    except Exception as error:
        # Whatever an indicator did not foresee is a verdict, not the end of the other gates.
        measurement = Measurement(problem=f"the indicator {first['type']} broke: {type(error).__name__}: {error}")
    measurement = _without_export(measurement, subject)
    seconds = time.monotonic() - started
    return [
        Judged(
            gate,
            verdict(
                gate, measurement, subject.operation["artifact"], _by_hand(gate, bench, measurement), earned, seconds
            ),
            measurement,
        )
        for gate in job.gates
    ]


def _by_hand(gate: Gate, bench: Bench, measurement: Measurement) -> str:
    if not gate.by_hand:
        return measurement.by_hand
    typed = expand(gate.by_hand, *bench.tokens_by_hand())
    prefix = bench.prefix(str(gate.indicator.get("runner", "tool")))
    return command_line(bench.subject, [*prefix, *typed])


def _without_export(measurement: Measurement, subject: Subject) -> Measurement:
    """Return the measurement with paths as they are in the monorepo: the export is gone when somebody reads it."""
    folder = f"{subject.export}/"
    return replace(measurement, problem=measurement.problem.replace(folder, ""))


def _ended(one: Judged) -> str:
    mark = _PLAIN.mark(one.verdict["verdict"])  # plain words: a worker does not know whether it speaks to a terminal
    found = found_in_words(one.gate, one.verdict)
    return f"  {mark} {one.gate.name}: {found} ({one.verdict['seconds']:.1f} s)"


def found_in_words(gate: Gate, found: Mapping[str, Any]) -> str:
    """Return what was found as a person says it: `76 % (120 statements)`."""
    if found["verdict"] == "inconclusive":
        return "inconclusive"
    if found["statement"]:
        return str(found["statement"])
    examined = f"({_counted(found['examined'], gate.of)})" if gate.of else ""
    return " ".join(f"{_counted(found['found'], gate.unit)} {examined}".split())


def _counted(number: float, noun: str) -> str:
    """Return a number with its noun, in the singular where there is one: `1 breaking change`."""
    if number == 1 and " and " not in noun:
        noun = re.sub(r"s\b", "", noun, count=1)
    return f"{number:g} {noun}"
