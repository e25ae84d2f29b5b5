"""What containers use: CPU since the sample before, memory without what is only cached.

Read from the kernel's own files of the container's control group; the Engine's socket, which takes a second for an
answer, is asked only where these cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

from ..engine_socket import EngineSocket
from ..errors import EngineError
from .database import Database

_DEADLINE_S = 5.0
_PROC, _CGROUPS = Path("/proc"), Path("/sys/fs/cgroup")


class Counters(NamedTuple):
    """CPU time since the container's start in nanoseconds, memory in bytes."""

    cpu_ns: int
    memory: int


@dataclass
class Usage:
    """`cpu` in percent of one core, `memory` in KiB, `restarts` since the sample before; None where it is not known."""

    cpu: Optional[float] = None
    memory: Optional[int] = None
    restarts: int = 0


def measure(
    line: Optional[EngineSocket], containers: List[Dict[str, Any]], database: Database, steady: float, slot: int
) -> Usage:
    """Read the counters of all containers, remember where they stand, and return the sums."""
    found = Usage()
    for one in containers:
        known = database.ask("SELECT cpu_ns, cpu_at, restarts FROM containers WHERE id = ?", one["Id"])
        before = known[0] if known else (None, None, None)
        restarts = int(one.get("RestartCount", 0))
        found.restarts += max(0, restarts - int(before[2])) if before[2] is not None else 0
        counters = (of_kernel(one) or of_engine(line, one)) if one["State"].get("Running") else None
        total = counters.cpu_ns if counters else None
        if counters is not None:
            found.memory = (found.memory or 0) + counters.memory // 1024
            if before[0] is not None and steady > before[1] and counters.cpu_ns >= before[0]:
                found.cpu = (found.cpu or 0.0) + (counters.cpu_ns - before[0]) / (steady - before[1]) / 1e7
        database.do(
            "INSERT INTO containers(id, cpu_ns, cpu_at, restarts, seen) VALUES (?1, ?2, ?3, ?4, ?5) "
            "ON CONFLICT(id) DO UPDATE SET cpu_ns = ?2, cpu_at = ?3, restarts = ?4, seen = ?5",
            *(one["Id"], total, steady, restarts, slot),
        )
    return found


def of_kernel(one: Dict[str, Any], proc: Path = _PROC, cgroups: Path = _CGROUPS) -> Optional[Counters]:
    """Return a container's counters from its control group, version 2 or 1; None where they cannot be read."""
    try:
        lines = (proc / str(one["State"]["Pid"]) / "cgroup").read_text(encoding="ascii").splitlines()
        paths = {kind: path.lstrip("/") for _, kind, path in (line.split(":", 2) for line in lines)}
        if (cgroups / "cgroup.controllers").exists():
            own = cgroups / _own(paths[""], one)
            usage = int(_named(own / "cpu.stat")["usage_usec"]) * 1000
            return Counters(usage, _used(own, "memory.current", "inactive_file"))
        together = {name: path for kind, path in paths.items() for name in kind.split(",")}
        cpu = cgroups / "cpuacct" / _own(together["cpuacct"], one) / "cpuacct.usage"
        memory = cgroups / "memory" / _own(together["memory"], one)
        return Counters(int(cpu.read_text()), _used(memory, "memory.usage_in_bytes", "total_inactive_file"))
    except (OSError, KeyError, ValueError):
        return None


def _own(path: str, one: Dict[str, Any]) -> str:
    """Return the path of a control group that is the container's: its process may be gone, its number another's."""
    if one["Id"] not in path:
        raise ValueError(path)
    return path


def _named(file: Path) -> Dict[str, str]:
    return dict(line.split(" ", 1) for line in file.read_text(encoding="ascii").splitlines())


def _used(folder: Path, total: str, cached: str) -> int:
    return max(0, int((folder / total).read_text()) - int(_named(folder / "memory.stat").get(cached, 0)))


def of_engine(line: Optional[EngineSocket], one: Dict[str, Any]) -> Optional[Counters]:
    """Return a container's counters as the engine tells them."""
    if line is None:
        return None
    query: Dict[str, Any] = {"stream": "false", "one-shot": "true"}
    try:
        reply = line("GET", f"/containers/{one['Id']}/stats", _DEADLINE_S, **query)
        found = reply.json if reply.status == 200 else {}
        memory = found["memory_stats"]
        detail = memory.get("stats") or {}
        cached = int(detail.get("total_inactive_file") or detail.get("inactive_file") or 0)
        return Counters(int(found["cpu_stats"]["cpu_usage"]["total_usage"]), max(0, int(memory["usage"]) - cached))
    except (EngineError, ValueError, KeyError, TypeError):
        return None
