"""What containers use, by the Engine's socket: CPU since the sample before, memory without what is only cached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from ..engine_socket import EngineSocket
from ..errors import EngineError
from .database import Database

_DEADLINE_S = 5.0


@dataclass
class Usage:
    """`cpu` in percent of one core, `memory` in KiB, `restarts` since the sample before; None where it is not known."""

    cpu: Optional[float] = None
    memory: Optional[int] = None
    restarts: int = 0


def measure(
    line: Optional[EngineSocket], containers: List[Dict[str, Any]], database: Database, steady: float, slot: int
) -> Usage:
    """Ask for all containers, remember where their counters stand, and return the sums."""
    found = Usage()
    for one in containers:
        known = database.ask("SELECT cpu_ns, cpu_at, restarts FROM containers WHERE id = ?", one["Id"])
        before = known[0] if known else (None, None, None)
        restarts = int(one.get("RestartCount", 0))
        found.restarts += max(0, restarts - int(before[2])) if before[2] is not None else 0
        stats = _stats(line, one) if line and one["State"].get("Running") else None
        total = _cpu(stats)
        if stats is not None:
            found.memory = (found.memory or 0) + _memory(stats)
        if total is not None and before[0] is not None and steady > before[1] and total >= before[0]:
            found.cpu = (found.cpu or 0.0) + (total - before[0]) / (steady - before[1]) / 1e7
        database.do(
            "INSERT INTO containers(id, cpu_ns, cpu_at, restarts, seen) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT(id) DO UPDATE SET cpu_ns = ?2, cpu_at = ?3, restarts = ?4, seen = ?5",
            *(one["Id"], total, steady, restarts, slot),
        )
    return found


def _stats(line: EngineSocket, one: Dict[str, Any]) -> Optional[Dict[str, Any]]:
    try:
        query: Dict[str, Any] = {"stream": "false", "one-shot": "true"}
        reply = line("GET", f"/containers/{one['Id']}/stats", _DEADLINE_S, **query)
        found = reply.json if reply.status == 200 else None
    except (EngineError, ValueError):
        return None
    return found if isinstance(found, dict) and (found.get("memory_stats") or {}).get("usage") else None


def _cpu(stats: Optional[Dict[str, Any]]) -> Optional[int]:
    total = ((stats or {}).get("cpu_stats") or {}).get("cpu_usage", {}).get("total_usage")
    return int(total) if isinstance(total, int) and total else None


def _memory(stats: Dict[str, Any]) -> int:
    memory = stats["memory_stats"]
    detail = memory.get("stats") or {}
    cached = int(detail.get("total_inactive_file") or detail.get("inactive_file") or 0)
    return max(0, int(memory["usage"]) - cached) // 1024
