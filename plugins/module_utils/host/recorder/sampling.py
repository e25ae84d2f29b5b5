"""One sample of one component, written as a whole: health, latency, use, restarts, new errors in the logs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

from .. import running
from ..context import Context
from ..engine_socket import EngineSocket
from ..log_classes import events
from . import clocks, log_lines, looking, reading, usage
from .clocks import Clock
from .database import Database
from .looking import Seen
from .slots import DAY, DOWN, UNKNOWN, UP

CODES = {UP: 1, DOWN: 0, UNKNOWN: 2}
NAMES = {code: state for state, code in CODES.items()}
_RANK = {UP: 0, UNKNOWN: 1, DOWN: 2}
_REASON = 300


@dataclass
class Sample:
    """What a sample saw, as the tick and those who watch get it."""

    environment: str
    component: str
    slot: int
    seen: Seen
    cpu: Optional[float] = None
    memory: Optional[int] = None
    restarts: int = 0
    errors: List[Dict[str, Any]] = field(default_factory=list)


def take(
    context: Context,
    record: Dict[str, Any],
    database: Database,
    line: Optional[EngineSocket],
    clock: Clock,
    look: Callable[..., Seen] = looking.look,
) -> Sample:
    """Look at a component and write down what was seen; raises `HostError` where that cannot be written."""
    slot = clock.slot()
    known = database.value("request")
    seen = look(context, record.get("expect"), json.loads(known) if known else None)
    sample = Sample(context.environment, context.component, slot, seen)
    with database.once():
        said = clocks.jumped(database, clock)
        if said:
            database.note(slot, "clock", said)
        if seen.containers:
            _use(sample, context, record, database, line, clock)
        if reading.due(slot) and seen.state == UP:
            declared = (record.get("settings") or {}).get("readings") or {}
            reading.take(declared, context.facts.get("request"), seen.containers, line, database, slot)
        if context.facts.get("request"):
            database.note_value("request", json.dumps(context.facts["request"]))
        _write(database, sample)
        if slot % DAY == 0:
            database.forget(slot)
    return sample


def _use(
    sample: Sample,
    context: Context,
    record: Dict[str, Any],
    database: Database,
    line: Optional[EngineSocket],
    clock: Clock,
) -> None:
    containers = sample.seen.containers
    problem = log_lines.gone(database, containers, sample.slot)
    if problem:
        database.note(sample.slot, "logs", problem)
    found = usage.measure(line, containers, database, clock.steady(), sample.slot)
    sample.cpu, sample.memory, sample.restarts = found.cpu, found.memory, found.restarts
    if line is None:
        database.note(sample.slot, "logs", "Docker is not reached by its socket here: logs are not read")
        return
    veil = running.veil(context, context.store.release(int(sample.seen.release or 0)))
    for one in containers:
        for stream in log_lines.STREAMS:
            news = log_lines.read(line, one, stream, database, str(record["started"]))
            if news.problem:
                database.note(sample.slot, "logs", news.problem)
            for error in events.errors(news.lines):
                _count(database, sample, {**error, "text": veil.over(error["text"])})


def _count(database: Database, sample: Sample, error: Dict[str, Any]) -> None:
    sample.errors.append(error)
    words = [error[key] for key in ("severity", "kind", "exception", "text", "count")]
    database.do(
        "INSERT INTO errors VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) ON CONFLICT(fingerprint, release, day) "
        "DO UPDATE SET count = count + ?8, last = ?9",
        *(error["fingerprint"], sample.seen.release, sample.slot // DAY, *words, sample.slot),
    )


def _write(database: Database, sample: Sample) -> None:
    """Write the row of the slot; of two looks in one slot (a clock that was set back) the worse one stays."""
    seen = sample.seen
    if seen.release is not None:
        database.note_value(f"tree {seen.release}", seen.tree)
    before = database.ask("SELECT state FROM samples WHERE slot = ?", sample.slot)
    if before and _RANK[NAMES[before[0][0]]] >= _RANK[seen.state]:
        return
    database.do(
        "INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(sample.slot, CODES[seen.state], seen.ms, sample.cpu, sample.memory, sample.restarts, seen.release),
        database.reason(seen.reason[:_REASON]),
    )


def checked(slot: int) -> bool:
    """Say whether this is the sample of the hour that looks at the whole file first."""
    return slot % 60 == 0
