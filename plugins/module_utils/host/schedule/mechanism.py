"""What starts the jobs of this host: systemd where it runs, else cron where that is, else a loop of our own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, Optional

from .. import files, lock
from ..errors import HostError
from ..processes import Runner, clean_environment
from . import loop, systemd
from .jobs import Job

SYSTEMD, CRON, LOOP = "systemd", "cron", "loop"
CRON_FOLDER = Path("/etc/cron.d")
_CRON_PIDS = (Path("/run/crond.pid"), Path("/var/run/crond.pid"), Path("/run/cron.pid"))
_LOOP_SECONDS = 5.0


def chosen() -> str:
    """Return which of the three this host has."""
    if systemd.RUNS.is_dir():
        return SYSTEMD
    return CRON if CRON_FOLDER.is_dir() and any(path.exists() for path in _CRON_PIDS) else LOOP


def apply(root: Path, kept: Dict[str, Job], run: Runner, program: Optional[str] = None) -> bool:
    """Have exactly these jobs started from now on; say whether that changed anything."""
    own = str(Path(program or sys.argv[0]).resolve())
    how = chosen()
    if how == SYSTEMD:
        return systemd.apply(root, kept, own, run)
    if how == CRON:
        return _cron(root, bool(kept), own)
    return bool(kept) and _start_loop(root, own)


def works(root: Path, run: Runner) -> bool:
    """Say whether something starts the jobs now."""
    how = chosen()
    if how == SYSTEMD:
        return systemd.works(root, run)
    return cron_file(root).exists() if how == CRON else lock.is_held(loop.lock_path(root))


def cron_file(root: Path) -> Path:
    """Return where cron reads that it should look at the jobs of a state folder."""
    return CRON_FOLDER / systemd.prefix(root).rstrip("-")


def cron_text(root: Path, program: str) -> str:
    """Return the line that has cron start what is due, once a minute, as long as there are jobs."""
    known = f"[ -e '{root}/jobs.json' ]"
    return (
        f"# tta-ops: starts the jobs of {root}/jobs.json that are due\n"
        f"* * * * * root {known} && {sys.executable} '{program}' --json --state '{root}' loop --once >/dev/null\n"
    )


def _cron(root: Path, wanted: bool, program: str) -> bool:
    path, text = cron_file(root), cron_text(root, program)
    if "'" in f"{root}{program}" or "%" in f"{root}{program}":
        raise HostError(f"{root} has a character that cron reads as its own: choose another state folder")
    if not wanted:
        had = path.exists()
        with files.explained(path):
            path.unlink(missing_ok=True)
        return had
    if path.exists() and path.read_text() == text:
        return False
    files.write(path, text.encode(), 0o644)
    return True


def _start_loop(root: Path, program: str) -> bool:
    """Start the loop, unless it runs; return when it does."""
    if lock.is_held(loop.lock_path(root)):
        return False
    log = files.make_folder(root / "jobs") / "loop.log"
    with files.explained(log), log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, program, "--json", "--state", str(root), "loop"],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            env=clean_environment(os.environ),
            cwd="/",
        )
    until = time.monotonic() + _LOOP_SECONDS
    while not lock.is_held(loop.lock_path(root)):
        if process.poll() is not None or time.monotonic() > until:
            raise HostError(
                f"the loop did not start: {log.read_text(errors='replace').strip()[:300] or 'it said nothing'}"
            )
        time.sleep(0.02)
    return True
