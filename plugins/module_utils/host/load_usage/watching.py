"""Adds up what containers use, second by second. The clock and what is asked are given."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from ..engine_socket import EngineSocket
from ..errors import EngineError
from ..recorder import usage

_EVERY_S = 1.0
_CORE = 1e7  # nanoseconds in a second, as percent


def counters(line: Optional[EngineSocket], one: Dict[str, Any]) -> Optional[Tuple[int, int]]:
    """Return (CPU in ns since its start, memory in bytes) of a container, None where nobody can say."""
    return usage.of_kernel(one) or usage.of_engine(line, one)


def watch(
    containers: Callable[[], List[Dict[str, Any]]],
    counted: Callable[[Dict[str, Any]], Optional[Tuple[int, int]]],
    seconds: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> Dict[str, Any]:
    """Return `{cpu, cpu_most, memory_mb, restarts, samples, problem}`; CPU in percent of one core, None where unknown.

    `cpu` is the mean, `cpu_most` the busiest second, `memory_mb` the most that all containers had at once.
    Containers that come and go are counted while they are there.
    """
    begun = before_at = clock()
    before: Dict[str, int] = {}
    used, most, memory, samples, restarts, problem = 0.0, 0.0, 0, 0, {}, ""  # type: float, float, int, int, Dict[str, int], str
    first_restarts: Dict[str, int] = {}
    while True:
        try:
            found = containers()
        except EngineError as error:
            found, problem = [], str(error)
        now, readings = clock(), {one["Id"]: counted(one) for one in found}
        known = {name: reading for name, reading in readings.items() if reading}
        for one in found:
            first_restarts.setdefault(one["Id"], int(one.get("RestartCount", 0)))
            restarts[one["Id"]] = int(one.get("RestartCount", 0)) - first_restarts[one["Id"]]
        step = sum(max(0, reading[0] - before[name]) for name, reading in known.items() if name in before)
        if known and before and now > before_at:
            used += step
            most = max(most, step / (now - before_at) / _CORE)
        if known:
            memory = max(memory, sum(reading[1] for reading in known.values()))
            samples += 1
        before, before_at = {name: reading[0] for name, reading in known.items()}, now
        left = begun + seconds - now
        if left <= 0:
            break
        sleep(min(_EVERY_S, left))
    lasted = before_at - begun
    if samples < 2 or lasted <= 0:
        said = problem or "no container of it ran, or nobody could say what it used"
        return {"cpu": None, "cpu_most": None, "memory_mb": None, "restarts": 0, "samples": samples, "problem": said}
    return {
        "cpu": round(used / lasted / _CORE, 1),
        "cpu_most": round(most, 1),
        "memory_mb": round(memory / 1e6, 1),
        "restarts": sum(restarts.values()),
        "samples": samples,
        "problem": "",
    }
