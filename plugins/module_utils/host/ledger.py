"""The ledger of an environment: append-only, each entry chained to the one before by its hash."""

from __future__ import annotations

import fcntl
import heapq
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Tuple

from . import canonical, files, times
from .errors import HostError, UsageError

EVENTS = (
    *("genesis", "deployed", "returned", "removed", "promoted", "demoted", "anchored"),
    *("approved", "backed-up", "restored", "rehearsed"),
    *("observed", "load-tested", "maintenance", "incident"),
)
STAGES = ("development", "staging", "production")
_FIRST = "0" * 64
_FACTS = ("component", "release", "artifact", "actor", "reason", "run", "fence", "evidence", "data")


@dataclass(frozen=True)
class Reading:
    """What a ledger file holds: its good entries, and the sentence that says what is wrong with it, if anything."""

    entries: Tuple[Dict[str, Any], ...] = ()
    problem: Optional[str] = None
    torn: bytes = field(default=b"", repr=False)

    @property
    def head(self) -> str:
        """The hash of the last entry."""
        return str(self.entries[-1]["hash"]) if self.entries else _FIRST


def parse(data: bytes, name: str = "the ledger") -> Reading:
    """Check every entry and the chain between them. A torn last line (a crash while writing) is set apart."""
    *lines, torn = data.split(b"\n")
    entries: List[Dict[str, Any]] = []
    previous = _FIRST
    for number, line in enumerate(lines, start=1):
        entry = entry_of(line)
        if entry is None or entry.get("prev") != previous or entry.get("seq") != number:
            problem = f"{name} is damaged at line {number}: restore the file from a copy; nothing is written until then"
            return Reading(tuple(entries), problem)
        entries.append(entry)
        previous = entry["hash"]
    return Reading(tuple(entries), None, torn)


def entry_of(line: bytes) -> Optional[Dict[str, Any]]:
    """Return the entry in a line whose hash fits, wherever it stands; None for any other line."""
    try:
        entry = json.loads(line)
        unhashed = {key: value for key, value in entry.items() if key != "hash"}
        # Another spelling of the same values is another line: not one byte may change.
        whole = entry.get("hash") == canonical.sha256(unhashed) and canonical.encode(entry) == line
        return entry if whole else None
    except (ValueError, AttributeError, RecursionError):
        return None


class Ledger:
    """The ledger file of one environment."""

    def __init__(self, path: Path, environment: str) -> None:
        """Take the ledger file, which need not exist yet."""
        self.path = path
        self.environment = environment

    def read(self) -> Reading:
        """Return what the file holds now; no file is an empty ledger."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return Reading()
        except OSError as error:
            raise HostError(f"{self.path} cannot be read: {error.strerror or error}") from error
        return parse(data, str(self.path))

    def checked(self) -> Reading:
        """Return what the file holds; a damaged ledger stops everything that would write to it."""
        reading = self.read()
        if reading.problem:
            raise HostError(reading.problem)
        return reading

    def append(self, event: str, **facts: Any) -> Tuple[Dict[str, Any], bool]:
        """Add one entry; return it, and whether it is new (the same run, event and component is written once)."""
        if event not in EVENTS:
            raise UsageError(f"{event!r} is no event of the ledger: known are {', '.join(EVENTS)}")
        files.make_folder(self.path.parent)
        with files.explained(self.path):
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            reading = self.checked()
            for entry in reading.entries:
                if facts.get("run") and _identity(entry) == (facts["run"], event, facts.get("component")):
                    return entry, False
            if reading.torn:
                with files.explained(self.path):
                    os.ftruncate(handle, os.fstat(handle).st_size - len(reading.torn))
            entry = self._entry(reading, event, facts)
            files.append(self.path, canonical.encode(entry) + b"\n")
            return entry, True
        finally:
            os.close(handle)

    def _entry(self, reading: Reading, event: str, facts: Dict[str, Any]) -> Dict[str, Any]:
        unknown = set(facts) - set(_FACTS)
        if unknown:
            raise UsageError(
                f"an event of the ledger has no {', '.join(sorted(unknown))}: known are {', '.join(_FACTS)}"
            )
        entry: Dict[str, Any] = {key: facts.get(key) for key in _FACTS}
        entry.update(schema=1, seq=len(reading.entries) + 1, prev=reading.head, at=times.now(), event=event)
        entry["environment"] = self.environment
        entry["hash"] = canonical.sha256(entry)
        return entry


def _identity(entry: Dict[str, Any]) -> Tuple[Any, Any, Any]:
    return (entry["run"], entry["event"], entry["component"])


def stages(entries: Iterable[Dict[str, Any]]) -> Dict[str, Dict[str, Any]]:
    """Fold the entries of all environments into ``{component: {stage, since, artifact}}``.

    ``promoted`` and ``genesis`` lift a component to ``data.stage``, or, without it, to the environment they were
    written in, and never lower it (a component in production earns staging again with its next artifact); ``demoted``
    needs ``data.stage``. What was deployed or returned says nothing about the stage.
    """
    found: Dict[str, Dict[str, Any]] = {}
    for entry in _merged(entries):
        stage = _stage(entry)
        before = found.get(entry["component"], {}).get("stage", STAGES[0])
        lowers = stage in STAGES and STAGES.index(stage) < STAGES.index(before)
        if stage in STAGES and entry["component"] and (entry["event"] == "demoted" or not lowers):
            found[entry["component"]] = {"stage": stage, "since": entry["at"], "artifact": entry["artifact"]}
    return found


def _merged(entries: Iterable[Dict[str, Any]]) -> Iterable[Dict[str, Any]]:
    """Give the entries of several ledgers in order of time; each ledger's own order is kept if its clock jumped."""
    books: Dict[str, List[Dict[str, Any]]] = {}
    for entry in entries:
        books.setdefault(entry["environment"], []).append(entry)
    ordered = (sorted(book, key=lambda one: int(one["seq"])) for _, book in sorted(books.items(), reverse=True))
    return heapq.merge(*ordered, key=lambda one: str(one["at"]))


def _stage(entry: Dict[str, Any]) -> Optional[str]:
    declared = (entry["data"] or {}).get("stage")
    if entry["event"] in ("promoted", "genesis"):
        return str(declared or entry["environment"])
    return str(declared) if entry["event"] == "demoted" else None
