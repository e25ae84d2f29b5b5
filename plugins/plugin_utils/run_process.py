"""Which process on which control node a run is, so that the next run there sees whether it still lives."""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")


def own(proc: Path = _PROC) -> str:
    """Return `<boot>/<namespace>/<pid>/<start>` of the playbook that this worker belongs to; "" where nothing tells."""
    pid = os.getppid()
    start = _start(pid, proc)
    return f"{_machine(proc)}/{pid}/{start}" if start else ""


def is_gone(process: object, proc: Path = _PROC) -> bool:
    """Say whether a process is known to have ended: one of another machine, or of an unknown one, is not."""
    machine, _, rest = str(process or "").rpartition("/")[0].rpartition("/")
    start = str(process or "").rpartition("/")[2]
    if not machine or machine != _machine(proc) or not rest.isdigit():
        return False
    return _start(int(rest), proc) != start


def _machine(proc: Path) -> str:
    try:
        boot = (proc / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{(proc / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _start(pid: int, proc: Path) -> str:
    """Return when a process began, in ticks since boot; "" when there is none, or only its corpse."""
    try:
        fields = (proc / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
