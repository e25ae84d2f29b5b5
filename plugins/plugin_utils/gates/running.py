"""One component being judged: its jobs, each measured as soon as there are cores for it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from ..indicators import KNOWN
from . import confinement
from .baseline import Baseline
from .bench import Bench
from .by_hand import command_line
from .cores import Cores, Stopped
from .definition import Gate
from .jobs import Job
from .measurement import Measurement
from .subject import Subject
from .tokens import expand
from .verdict import verdict
from .watched import Watched


@dataclass(frozen=True)
class Judged:
    """One gate's verdict with the measurement behind it; gates that share an indicator share the measurement."""

    gate: Gate
    verdict: Mapping[str, Any]
    measurement: Measurement


class Running:
    """What all jobs of a component share."""

    def __init__(
        self, subject: Subject, scratch: Path, stop: Event, cores: Cores, baselines: Mapping[str, Baseline]
    ) -> None:
        """Note the judged files as they are; nothing runs yet."""
        self._subject, self._scratch, self._stop = subject, scratch, stop
        self._cores, self._baselines = cores, baselines
        self._watched = Watched(subject.export)
        self._running: dict[str, None] = {}

    def judged(self, job: Job, number: int) -> list[Judged]:
        """Measure one job when its turn has come, and judge its gates."""
        earned, seconds = datetime.now(UTC), 0.0
        scratch = self._scratch / str(number)
        try:
            with self._cores.taken(job.weight, self._stop, heavy=job.heavy):
                started, earned = time.monotonic(), datetime.now(UTC)
                bench = Bench(self._subject, scratch, job.seconds, self._stop)
                measurement = self._measured(job, bench)
                seconds = time.monotonic() - started
        except Stopped:
            bench = Bench(self._subject, scratch, 0.0, self._stop)
            measurement = Measurement(problem="the run was stopped before its turn came")
        return [self._one(gate, measurement, bench, earned, seconds) for gate in job.gates]

    def state(self, jobs: Iterable[Job]) -> str:
        """Return the sentence of progress: which gates are running, and which wait for a core."""
        names = [job.names for job in jobs]
        running = [name for name in names if name in self._running]
        waiting = [name for name in names if name not in self._running]
        behind = f"; waiting for a core: {', '.join(waiting)}" if waiting else ""
        return f"     … still running: {', '.join(running) or 'none'}{behind}"

    def _measured(self, job: Job, bench: Bench) -> Measurement:
        self._running[job.names] = None
        self._watched.begins(job.names)
        try:
            measurement = _measured(job, bench)
        finally:
            self._running.pop(job.names)
        changed = self._watched.ended(list(self._running))
        return replace(measurement, problem=measurement.problem or changed)

    def _one(self, gate: Gate, measurement: Measurement, bench: Bench, earned: datetime, seconds: float) -> Judged:
        artifact, baseline = self._subject.operation["artifact"], self._baselines.get(gate.name)
        by_hand = _by_hand(gate, bench, measurement)
        return Judged(gate, verdict(gate, measurement, artifact, by_hand, earned, seconds, baseline), measurement)


def _measured(job: Job, bench: Bench) -> Measurement:
    first = job.gates[0].indicator
    try:
        measurement = KNOWN[first["type"]](first).measure(bench)
    except Exception as error:
        # Whatever an indicator did not foresee is a verdict, not the end of the other gates.
        measurement = Measurement(problem=f"the indicator {first['type']} broke: {type(error).__name__}: {error}")
    refused = [one for one in measurement.commands if one.confined and confinement.was_refused(one.stderr, one.stdout)]
    note = confinement.allowed(bench.environment()) if refused else ""
    # Paths as they are in the monorepo: the export is gone when somebody reads it.
    problem = measurement.problem.replace(f"{bench.subject.export}/", "")
    return replace(measurement, problem=problem, note=note)


def _by_hand(gate: Gate, bench: Bench, measurement: Measurement) -> str:
    if not gate.by_hand:
        return measurement.by_hand
    typed = expand(gate.by_hand, *bench.tokens_by_hand())
    prefix = bench.prefix(str(gate.indicator.get("runner", "tool")))
    return command_line(bench.subject, [*prefix, *typed])
