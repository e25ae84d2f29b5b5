"""Judges a component: all gates side by side, each in its own time; every gate speaks before anything is concluded."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from threading import Event
from typing import Any

from ..look.style import Look
from . import confinement
from .baseline import Baseline
from .cores import Cores
from .definition import Gate
from .export import export
from .jobs import jobs_of
from .running import Judged as Judged
from .running import Running
from .subject import Subject
from .warden import WARDEN
from .words import found_in_words as found_in_words

STILL_RUNNING_SECONDS = 15
Progress = Callable[[str], None]
_PLAIN = Look()


@contextmanager
def exported(
    operation: Mapping[str, Any], stages: Mapping[str, str], environment: Mapping[str, Any], last_promoted_commit: str
) -> Iterator[tuple[Subject, Path]]:
    """Yield the subject, exported from its commit, and a scratch folder; both are removed afterwards.

    Raises `Refusal` when git cannot export one of the commits.
    """
    with tempfile.TemporaryDirectory(prefix="tta-gates-", ignore_cleanup_errors=True) as folder:
        WARDEN.prepare()
        confinement.make_caches(os.environ)
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
    running = Running(subject, scratch, stop, cores or Cores(), baselines or {})
    jobs = jobs_of(gates)
    order = TopologicalSorter({number: job.after for number, job in enumerate(jobs)})
    order.prepare()
    judged: dict[str, Judged] = {}
    with ThreadPoolExecutor(max(1, len(jobs))) as pool:
        waiting: dict[Future[list[Judged]], int] = {}
        try:
            while order.is_active():
                ready = sorted(order.get_ready(), key=lambda number: -jobs[number].seconds)
                waiting |= {pool.submit(running.judged, jobs[number], number): number for number in ready}
                done, _ = wait(waiting, timeout=STILL_RUNNING_SECONDS, return_when=FIRST_COMPLETED)
                for future in done:
                    order.done(waiting.pop(future))
                    for one in future.result():
                        judged[one.gate.name] = one
                        progress(_ended(one))
                if not done:
                    progress(running.state(jobs[number] for number in waiting.values()))
        except BaseException:
            stop.set()
            for future in waiting:
                future.cancel()
            raise
    return [judged[gate.name] for gate in gates]


def _ended(one: Judged) -> str:
    warning = one.verdict["warning"]
    # Plain words: a worker does not know whether it speaks to a terminal.
    mark = _PLAIN.mark("warning" if warning else one.verdict["verdict"])
    found = found_in_words(one.gate, one.verdict)
    warned = f"; {warning.splitlines()[0]}" if warning else ""
    return f"  {mark} {one.gate.name}: {found} ({one.verdict['seconds']:.1f} s){warned}"
