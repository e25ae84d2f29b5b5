"""Jobs as systemd timers: one timer and one service a job, named after the state folder. Texts are pure."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Dict, List

from .. import files
from ..errors import EngineError, HostError
from ..processes import Runner
from ..state import DEFAULT
from .jobs import DAY_S, Job

RUNS = Path("/run/systemd/system")
UNITS = Path("/etc/systemd/system")
_SECONDS = 60.0
_SECOND = 5  # of the minute: far enough from its borders for a clock that is being set right
HOUR_S = 3600


def prefix(root: Path) -> str:
    """Return how the units of a state folder begin; that of another folder than the usual one has its hash."""
    return "tta-ops-" if root == DEFAULT else f"tta-ops-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}-"


def units(root: Path, job: Job, program: str) -> Dict[str, str]:
    """Return `{file name: text}` of a job's timer and service."""
    name = f"{prefix(root)}{job.name}"
    service = (
        f"[Unit]\nDescription=tta-ops: {job.name}\nAfter=docker.service\nConditionPathExists={root}/jobs.json\n\n"
        f"[Service]\nType=oneshot\n"
        f"ExecStart={program} --json --state {_quoted(str(root))} jobs --do run --job {job.name}\n"
        f"TimeoutStartSec={job.timeout_s + 30}\nNice=5\n"
    )
    timer = (
        f"[Unit]\nDescription=tta-ops: {job.name}\n\n"
        f"[Timer]\n{when(job)}\nAccuracySec=1\n\n[Install]\nWantedBy=timers.target\n"
    )
    return {f"{name}.service": service, f"{name}.timer": timer}


def when(job: Job) -> str:
    """Return when a timer elapses. By the calendar where it can say so: an interval drifts and misses a minute."""
    every = job.every_s
    if not every:
        return f"OnCalendar=*-*-* {job.at}:00 UTC\nPersistent=true"
    if every % 60 == 0 and HOUR_S % every == 0:
        return f"OnCalendar=*-*-* *:0/{every // 60}:{_SECOND:02}"
    if every % HOUR_S == 0 and DAY_S % every == 0:
        return f"OnCalendar=*-*-* 0/{every // HOUR_S}:00:{_SECOND:02} UTC"
    return f"OnActiveSec=1\nOnUnitActiveSec={every}"


def apply(root: Path, kept: Dict[str, Job], program: str, run: Runner, folder: Path = UNITS) -> bool:
    """Make the units those of the jobs; say whether that changed anything."""
    wanted: Dict[str, str] = {}
    for job in kept.values():
        wanted.update(units(root, job, program))
    there = {path.name: path for path in folder.glob("tta-ops-*") if _own(path, root)}
    gone = sorted(set(there) - set(wanted))
    new = sorted(name for name, text in wanted.items() if name not in there or there[name].read_text() != text)
    timers = [name for name in gone if name.endswith(".timer")]
    if timers:
        _systemctl(run, ["disable", "--now", *timers])
    for name in gone:
        with files.explained(there[name]):
            there[name].unlink()
    for name in new:
        files.write(folder / name, wanted[name].encode(), 0o644)
    if gone or new:
        _systemctl(run, ["daemon-reload"])
    started = [name for name in new if name.endswith(".timer")]
    if started:
        _systemctl(run, ["enable", *started])
        _systemctl(run, ["restart", *started])
    return bool(gone or new)


def works(root: Path, run: Runner) -> bool:
    """Say whether timers of this state folder are active."""
    done = run(["systemctl", "list-timers", "--no-legend", f"{prefix(root)}*"], deadline=_SECONDS)
    return done.code == 0 and prefix(root) in done.out


def _own(path: Path, root: Path) -> bool:
    """Say whether a unit is of this state folder: its service says so."""
    service = path.with_suffix(".service")
    return service.exists() and f"--state {_quoted(str(root))} " in service.read_text()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _systemctl(run: Runner, arguments: List[str]) -> None:
    try:
        done = run(["systemctl", *arguments], deadline=_SECONDS)
    except EngineError as error:
        raise HostError(f"systemctl gives no answer: {error}") from error
    if done.code:
        raise HostError(f"systemctl {arguments[0]} failed: {done.err.strip()[:300]}")
