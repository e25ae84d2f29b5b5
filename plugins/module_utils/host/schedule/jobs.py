"""Jobs: what the host program is to do by itself, kept in `<state>/jobs.json`.

`{schema, jobs: [{name, argv, every_s | at, timeout_s}]}`: `argv` is of tta-ops itself, without `--state`; `every_s` are
seconds, counted from midnight UTC of 1970 so that all hosts agree; `at` is a time of day, "HH:MM" UTC.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, Optional, Tuple

from .. import canonical, files
from ..errors import UsageError
from ..names import NAME

_AT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
LEAST_S, MOST_S, DAY_S = 10, 7 * 86400, 86400
_KEYS = ("name", "argv", "every_s", "at", "timeout_s")


@dataclass(frozen=True)
class Job:
    """One job; `timeout_s` ends it when it takes longer."""

    name: str
    argv: Tuple[str, ...]
    every_s: Optional[int] = None
    at: Optional[str] = None
    timeout_s: int = 300

    def turn(self, moment: float) -> int:
        """Return the number of the turn that `moment` (seconds since 1970) belongs to: another number, another run."""
        if self.every_s:
            return int(moment // self.every_s)
        match = _AT.fullmatch(self.at or "")
        offset = (int(match[1]) * 60 + int(match[2])) * 60 if match else 0
        return int((moment - offset) // DAY_S)

    def due(self, last: Optional[float], moment: float) -> bool:
        """Say whether it has not run in this turn. Also true after the clock was set back: the turn is another one."""
        return last is None or self.turn(last) != self.turn(moment)


def parse(given: Any) -> Job:
    """Return a job, or raise `UsageError` for one that makes no sense."""
    if not isinstance(given, dict) or not NAME.fullmatch(str(given.get("name"))):
        raise UsageError(f"{given!r} is no job: wanted is {{name, argv, every_s or at, timeout_s}}")
    where = f"the job {given['name']}"
    unknown = sorted(set(given) - set(_KEYS))
    if unknown:
        raise UsageError(f"{where} has no {', '.join(unknown)}: known are {', '.join(_KEYS)}")
    argv = given.get("argv")
    if not isinstance(argv, (list, tuple)) or not argv or not all(isinstance(one, str) and one for one in argv):
        raise UsageError(
            f"{where} has argv {argv!r}: wanted are the words after tta-ops, such as ['observe', '--do', …]"
        )
    every, at = given.get("every_s"), given.get("at")
    if (every is None) == (at is None):
        raise UsageError(f"{where} has to have either every_s or at")
    if every is not None:
        _whole(where, "every_s", every, LEAST_S, MOST_S)
    elif not isinstance(at, str) or not _AT.fullmatch(at):
        raise UsageError(f"{where} has at {at!r}: wanted is a time of day in UTC, such as 04:30")
    timeout = _whole(where, "timeout_s", given.get("timeout_s", 300), 1, DAY_S)
    return Job(given["name"], tuple(argv), every, at, timeout)


def _whole(where: str, key: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise UsageError(f"{where} has {key} {value!r}: wanted is a whole number of seconds from {least} to {most}")
    return value


def path(root: Path) -> Path:
    """Return where the jobs of a state folder are kept."""
    return root / "jobs.json"


def read(root: Path) -> Dict[str, Job]:
    """Return the jobs by name, in the order of their names; no file: none. A damaged file is named."""
    if not path(root).exists():
        return {}
    kept = files.read_json(path(root))
    return {job.name: job for job in sorted((parse(one) for one in kept["jobs"]), key=lambda job: job.name)}


def named(root: Path, name: Optional[str]) -> Job:
    """Return one job; an unknown one is answered with the known ones."""
    kept = read(root)
    if name not in kept:
        raise UsageError(f"there is no job {name!r}: known are {', '.join(kept) or 'none'}")
    return kept[name]


def put(root: Path, given: Iterable[Job]) -> bool:
    """Add jobs, or replace those of the same names; say whether that changed anything."""
    with _alone(root):
        return _write(root, {**read(root), **{job.name: job for job in given}})


def remove(root: Path, names: Iterable[str]) -> bool:
    """Take jobs away; those that are not there are no error. Say whether that changed anything."""
    gone = set(names)
    with _alone(root):
        return _write(root, {name: job for name, job in read(root).items() if name not in gone})


def _write(root: Path, kept: Dict[str, Job]) -> bool:
    if kept == read(root):
        return False
    listed = [{key: value for key, value in asdict(kept[name]).items() if value is not None} for name in sorted(kept)]
    files.write(path(root), canonical.encode({"schema": 1, "jobs": listed}) + b"\n")
    return True


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Let nobody else change the jobs meanwhile."""
    folder = files.make_folder(root / "jobs")
    with files.explained(folder / "lock"):
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
