"""New lines of containers' logs: each is read once, by a cursor on the engine's own times, stream by stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Sequence, Tuple

from .. import engine_socket
from ..engine_socket import EngineSocket
from ..errors import EngineError
from ..log_classes import events
from .database import Database
from .windows import moment

_DEADLINE_S = 10.0
MOST_LINES = 5000
STREAMS = ("stdout", "stderr")
Stamped = Tuple[str, str]


@dataclass
class News:
    """What a stream wrote since the sample before; `problem` says why that is not known, or not all of it."""

    lines: List[str] = field(default_factory=list)
    problem: str = ""


def read(line: EngineSocket, one: Dict[str, Any], stream: str, database: Database, begin: str) -> News:
    """Return the new lines of a container's stream and move its cursor; `begin`: no line before it is read.

    The last event is kept back until more follows or one sample saw no more: a traceback may still be being written.
    """
    rows = database.ask("SELECT read_to, held FROM cursors WHERE container = ? AND stream = ?", one["Id"], stream)
    cursor, held = (str(rows[0][0]), str(rows[0][1] or "")) if rows else ("", "")
    since = cursor or _later(begin, str(one["State"].get("StartedAt") or ""))
    query: Dict[str, Any] = {stream: "1", "timestamps": "1", "tail": str(MOST_LINES), "since": _unix(since)}
    try:
        reply = line("GET", f"/containers/{one['Id']}/logs", _DEADLINE_S, **query)
    except EngineError as error:
        return News(problem=str(error))
    if reply.status != 200:
        return News(problem=engine_socket.sentence(reply, "logs"))
    stamped = [_stamped(text) for text in engine_socket.unframed(reply.body).splitlines()]
    fresh = [(at, text) for at, text in stamped if not cursor or at > cursor]
    ready = whole(fresh, held)
    read_to = fresh[ready - 1][0] if ready else cursor or since
    kept_back = fresh[-1][0] if ready < len(fresh) else None
    database.do("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?)", one["Id"], stream, read_to, kept_back)
    full = len(stamped) >= MOST_LINES and ready < MOST_LINES + 1 and bool(cursor)
    problem = f"{stream} had {MOST_LINES} lines or more in a minute: the first of them were not read" if full else ""
    return News([text for _, text in fresh[:ready]], problem)


def whole(fresh: Sequence[Stamped], held: str) -> int:
    """Return how many of the lines may be judged; all when nothing came since the last of them was kept back.

    Lines of one time are never torn apart, since the cursor could not tell them from each other.
    """
    if not fresh or fresh[-1][0] == held:
        return len(fresh)
    ready = events.complete([text for _, text in fresh])
    while 0 < ready < len(fresh) and fresh[ready][0] == fresh[ready - 1][0]:
        ready -= 1
    return ready


def _stamped(text: str) -> Stamped:
    """Split the engine's time from a line, with nanoseconds in full so that times compare as text."""
    at, _, line = text.partition(" ")
    return (_full(at), line) if at[:1].isdigit() and at.endswith("Z") else ("", text)


def _full(at: str) -> str:
    whole_seconds, _, fraction = at.rstrip("Z").partition(".")
    return f"{whole_seconds}.{fraction[:9]:0<9}Z"


def _later(one: str, other: str) -> str:
    return max(_full(one), _full(other)) if other[:1].isdigit() else _full(one)


def _unix(at: str) -> str:
    """Return a time as the engine wants it: seconds since 1970, a dot, nanoseconds."""
    seconds, _, fraction = at.rstrip("Z").partition(".")
    return f"{int(moment(seconds + 'Z'))}.{fraction or '0':0<9}"


def gone(database: Database, containers: List[Dict[str, Any]], slot: int) -> Optional[str]:
    """Say that containers went away since the sample before, whose last lines nobody has read; None when none did."""
    ids = {one["Id"] for one in containers}
    rows = database.ask("SELECT id FROM containers WHERE seen >= ? AND seen < ?", slot - 5, slot)
    missing = sorted(str(row[0])[:12] for row in rows if row[0] not in ids)
    return f"what {', '.join(missing)} wrote last, before it was removed, was not read" if missing else None
