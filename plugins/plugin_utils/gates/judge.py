"""Judges a component: all gates side by side, each in its own time; every gate speaks before anything is concluded."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Event
from typing import Any

from ..indicators import KNOWN
from ..look.style import Look
from .baseline import Baseline
from .bench import Bench
from .by_hand import command_line
from .cores import Cores, Stopped
from .definition import Gate
from .export import export
from .jobs import Job, jobs_of
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


def judge(
    gates: Sequence[Gate],
    subject: Subject,
    scratch: Path,
    progress: Progress,
    stop: Event,
    cores: Cores | None = None,
    baselines: Mapping[str, Baseline] | None = None,
) -> list[Judged]:
    """Judge all gates and return what came of each, in the order of `gates`.

    `cores` are shared with other components that are judged meanwhile. A gate in `after` that is not among `gates` is
    taken as done. An interruption sets `stop`: every running command ends, what was started is taken away, then it goes
    on upwards.
    """
    run = _Run(subject, scratch, stop, cores or Cores(), baselines or {})
    jobs = jobs_of(gates)
    order = TopologicalSorter({number: job.after for number, job in enumerate(jobs)})
    order.prepare()
    judged: dict[str, Judged] = {}
    with ThreadPoolExecutor(max(1, len(jobs))) as pool:
        waiting: dict[Future[list[Judged]], int] = {}
        try:
            while order.is_active():
                ready = sorted(order.get_ready(), key=lambda number: -jobs[number].seconds)
                waiting |= {pool.submit(run.job, jobs[number], number): number for number in ready}
                done, _ = wait(waiting, timeout=STILL_RUNNING_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    order.done(waiting.pop(future))
                    for one in future.result():
                        judged[one.gate.name] = one
                        progress(_ended(one))
                if not done:
                    progress(run.state(jobs[number] for number in waiting.values()))
        except BaseException:
            stop.set()
            for future in waiting:
                future.cancel()
            raise
    return [judged[gate.name] for gate in gates]


@dataclass
class _Run:
    """One component being judged: what all of its jobs share."""

    subject: Subject
    scratch: Path
    stop: Event
    cores: Cores
    baselines: Mapping[str, Baseline]
    running: set[str] = field(default_factory=set)

    def job(self, job: Job, number: int) -> list[Judged]:
        """Measure one job as soon as there are cores for it, and judge its gates."""
        earned, seconds = datetime.now(UTC), 0.0
        bench = Bench(self.subject, self.scratch / str(number), 0.0, self.stop)
        try:
            with self.cores.taken(job.weight, self.stop, heavy=job.heavy):
                self.running.add(job.names)
                started, earned = time.monotonic(), datetime.now(UTC)
                bench = Bench(self.subject, self.scratch / str(number), job.seconds, self.stop)
                measurement = _measured(job, bench)
                seconds = time.monotonic() - started
                self.running.discard(job.names)
        except Stopped:
            measurement = Measurement(problem="the run was stopped before it began")
        return [self._judged(gate, measurement, bench, earned, seconds) for gate in job.gates]

    def _judged(self, gate: Gate, measurement: Measurement, bench: Bench, earned: datetime, seconds: float) -> Judged:
        artifact, baseline = self.subject.operation["artifact"], self.baselines.get(gate.name)
        by_hand = _by_hand(gate, bench, measurement)
        return Judged(gate, verdict(gate, measurement, artifact, by_hand, earned, seconds, baseline), measurement)

    def state(self, jobs: Iterable[Job]) -> str:
        """Return the sentence of progress: which gates are running, and which wait for a core."""
        names = [job.names for job in jobs]
        running = [name for name in names if name in self.running]
        waiting = [name for name in names if name not in self.running]
        return f"     … still running: {', '.join(running) or 'none'}" + (
            f"; waiting for a core: {', '.join(waiting)}" if waiting else ""
        )


def _measured(job: Job, bench: Bench) -> Measurement:
    first = job.gates[0].indicator
    try:
        measurement = KNOWN[first["type"]](first).measure(bench)
    except Exception as error:
        # Whatever an indicator did not foresee is a verdict, not the end of the other gates.
        measurement = Measurement(problem=f"the indicator {first['type']} broke: {type(error).__name__}: {error}")
    return _without_export(measurement, bench.subject)


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
