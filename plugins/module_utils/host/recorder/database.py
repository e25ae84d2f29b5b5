"""The samples of one component: a small SQLite file in WAL mode, synced with every sample.

One that is damaged is put aside, never mended: what was in it is unknown from then on.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any, Iterator, List, Optional, Tuple

from .. import files
from ..errors import HostError
from .slots import DAY

KEPT = 35 * DAY
_SECONDS = 5.0
_PAGES = 200  # of 4 KiB: the cache of one connection
_TABLES = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reasons(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS samples(slot INTEGER PRIMARY KEY, state INTEGER NOT NULL, ms REAL, cpu REAL, memory INTEGER,
  restarts INTEGER, release INTEGER, reason INTEGER);
CREATE TABLE IF NOT EXISTS errors(fingerprint TEXT, release INTEGER, day INTEGER, severity TEXT, kind TEXT,
  exception TEXT, text TEXT, count INTEGER NOT NULL, first INTEGER, last INTEGER,
  PRIMARY KEY(fingerprint, release, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS containers(id TEXT PRIMARY KEY, cpu_ns INTEGER, cpu_at REAL, restarts INTEGER, seen INTEGER)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cursors(container TEXT, stream TEXT, read_to TEXT NOT NULL, held TEXT,
  PRIMARY KEY(container, stream)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes(id INTEGER PRIMARY KEY, slot INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tasks(day INTEGER, task TEXT, ok INTEGER, said TEXT, data TEXT, PRIMARY KEY(day, task))
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS readings(slot INTEGER, name TEXT, value REAL, PRIMARY KEY(slot, name)) WITHOUT ROWID;
"""


class DamagedError(HostError):
    """SQLite says that a file is no whole database."""


class Database:
    """An open file of samples. Everything written within `once()` is there as a whole, or not at all."""

    def __init__(self, line: sqlite3.Connection, path: Path) -> None:
        """Take an open connection; see `writing` and `reading`."""
        self._line = line
        self.path = path

    def ask(self, text: str, *values: Any) -> List[Tuple[Any, ...]]:
        """Return the rows of a statement; raises `HostError` for a file that cannot be read."""
        with explained(self.path):
            return self._line.execute(text, values).fetchall()

    def do(self, text: str, *values: Any) -> None:
        """Run a statement."""
        with explained(self.path):
            self._line.execute(text, values)

    def value(self, key: str) -> Optional[str]:
        """Return what was last noted under a key."""
        rows = self.ask("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else None

    def note_value(self, key: str, value: str) -> None:
        """Note something under a key."""
        self.do("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    def reason(self, text: str) -> Optional[int]:
        """Return the number of a reason; an empty one has none."""
        if not text:
            return None
        self.do("INSERT OR IGNORE INTO reasons(text) VALUES (?)", text)
        return int(self.ask("SELECT id FROM reasons WHERE text = ?", text)[0][0])

    def note(self, slot: int, kind: str, text: str) -> None:
        """Write down what happened to the recorder itself: `clock`, `damaged`, `logs`."""
        self.do("INSERT INTO notes(slot, kind, text) VALUES (?, ?, ?)", slot, kind, text)

    def forget(self, slot: int) -> None:
        """Forget what is older than what is kept."""
        oldest = slot - KEPT
        self.do("DELETE FROM samples WHERE slot < ?", oldest)
        self.do("DELETE FROM readings WHERE slot < ?", oldest)
        self.do("DELETE FROM errors WHERE day < ?", oldest // DAY)
        self.do("DELETE FROM tasks WHERE day < ?", oldest // DAY)
        self.do("DELETE FROM notes WHERE slot < ?", oldest)
        self.do("DELETE FROM containers WHERE seen < ?", slot - DAY)
        self.do("DELETE FROM cursors WHERE container NOT IN (SELECT id FROM containers)")

    @contextlib.contextmanager
    def once(self) -> Iterator[None]:
        """Write all of what follows at one moment."""
        self.do("BEGIN IMMEDIATE")
        try:
            yield
            self.do("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # what was wrong first is raised below
                self._line.rollback()
            raise


@contextlib.contextmanager
def writing(path: Path, slot: int, whole: bool = False) -> Iterator[Database]:
    """Open a file to write to it, making it if need be; a damaged one is put aside first, which is noted.

    `whole`: look at every page of it; otherwise only at what is needed to write.
    """
    files.make_folder(path.parent)
    aside = _put_aside(path, slot) if path.exists() and not _is_sound(path, whole) else ""
    with explained(path), contextlib.closing(_connect(path)) as line:
        line.execute("PRAGMA journal_mode=WAL")
        line.execute("PRAGMA synchronous=FULL")
        line.execute("PRAGMA auto_vacuum=INCREMENTAL")
        line.executescript(_TABLES)
        database = Database(line, path)
        if aside:
            database.note(
                slot, "damaged", f"the file of samples was damaged and is kept as {aside}: a new one begins here"
            )
        yield database


@contextlib.contextmanager
def reading(path: Path) -> Iterator[Optional[Database]]:
    """Open a file to read it; None when there is none. Raises `HostError` for one that is damaged."""
    if not path.exists():
        yield None
        return
    with explained(path), contextlib.closing(_connect(path)) as line:
        line.execute("SELECT count(*) FROM sqlite_master").fetchone()
        line.executescript(_TABLES) if not _is_read_only(path) else None
        yield Database(line, path)


def _connect(path: Path) -> sqlite3.Connection:
    line = sqlite3.connect(str(path), timeout=_SECONDS, isolation_level=None)
    line.execute(f"PRAGMA cache_size={_PAGES}")
    return line


def _is_read_only(path: Path) -> bool:
    try:
        with path.open("r+b"):
            return False
    except OSError:
        return True


def _is_sound(path: Path, whole: bool) -> bool:
    """Say whether SQLite can read the file; one that is busy or out of reach counts as sound."""
    try:
        with contextlib.closing(_connect(path)) as line:
            line.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return not whole or [tuple(row) for row in line.execute("PRAGMA quick_check(1)")] == [("ok",)]
    except sqlite3.OperationalError as error:
        return "malformed" not in str(error) and "not a database" not in str(error)
    except sqlite3.DatabaseError:
        return False


def _put_aside(path: Path, slot: int) -> str:
    aside = path.with_name(f"{path.name}.damaged-{slot}")
    with files.explained(path):
        path.replace(aside)
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        files.sync_folder(path.parent)
    return aside.name


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says into a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        text, kind = str(error), HostError
        step = "see the file's rights and the disk"
        if "full" in text:
            step = f"free some space (df -h {path.parent})"
        elif "malformed" in text or "not a database" in text:
            step, kind = "the recorder puts it aside with its next sample", DamagedError
        raise kind(f"{path} cannot be used ({text}): {step}") from error
