"""New lines of containers' logs: each is read once, by a cursor on the engine's own times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from .. import engine_socket
from ..engine_socket import EngineSocket
from ..errors import EngineError
from .database import Database
from .windows import moment

_DEADLINE_S = 10.0
MOST_LINES = 5000


@dataclass(frozen=True)
class News:
    """What a container wrote since the sample before; `problem` says why that is not known, or not all of it."""

    text: str
    problem: str = ""


def read(line: EngineSocket, one: Dict[str, Any], database: Database, begin: str) -> News:
    """Return the new lines of a container and move its cursor; `begin`: no line before it is read."""
    rows = database.ask("SELECT read_to FROM containers WHERE id = ?", one["Id"])
    cursor = str(rows[0][0]) if rows and rows[0][0] else ""
    since = cursor or _later(begin, str(one["State"].get("StartedAt") or ""))
    query: Dict[str, Any] = {
        "stdout": "1",
        "stderr": "1",
        "timestamps": "1",
        "tail": str(MOST_LINES),
        "since": _unix(since),
    }
    try:
        reply = line("GET", f"/containers/{one['Id']}/logs", _DEADLINE_S, **query)
    except EngineError as error:
        return News("", str(error))
    if reply.status != 200:
        return News("", engine_socket.sentence(reply, "logs"))
    stamped = [found for text in engine_socket.unframed(reply.body).splitlines() for found in [_stamped(text)]]
    fresh = [(at, text) for at, text in stamped if not cursor or at > cursor]
    last = max((at for at, _ in fresh), default=cursor or since)
    database.do("INSERT OR IGNORE INTO containers(id) VALUES (?)", one["Id"])
    database.do("UPDATE containers SET read_to = ?, read_at = ? WHERE id = ?", last, begin, one["Id"])
    full = len(stamped) >= MOST_LINES
    return News(
        "\n".join(text for _, text in fresh), f"more than {MOST_LINES} lines a minute, not all read" if full else ""
    )


def _stamped(text: str) -> Tuple[str, str]:
    """Split the engine's time from a line, with nanoseconds in full so that times compare as text."""
    at, _, line = text.partition(" ")
    return (_full(at), line) if at[:1].isdigit() and at.endswith("Z") else ("", text)


def _full(at: str) -> str:
    whole, _, fraction = at.rstrip("Z").partition(".")
    return f"{whole}.{fraction[:9]:0<9}Z"


def _later(one: str, other: str) -> str:
    return max(_full(one), _full(other)) if other[:1].isdigit() else _full(one)


def _unix(at: str) -> str:
    """Return a time as the engine wants it: seconds since 1970, a dot, nanoseconds."""
    whole, _, fraction = at.rstrip("Z").partition(".")
    return f"{int(moment(whole + 'Z'))}.{fraction or '0':0<9}"


def gone(database: Database, containers: List[Dict[str, Any]], slot: int) -> Optional[str]:
    """Say that containers went away since the sample before, whose last lines nobody has read; None when none did."""
    ids = {one["Id"] for one in containers}
    rows = database.ask(
        "SELECT id FROM containers WHERE seen >= ? AND seen < ? AND read_to IS NOT NULL", slot - 5, slot
    )
    missing = sorted(str(row[0])[:12] for row in rows if row[0] not in ids)
    return f"what {', '.join(missing)} wrote last, before it was removed, was not read" if missing else None
