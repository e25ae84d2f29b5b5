"""What came of a load test: the numbers for the ledger, and whether they are worth anything. Pure.

`comparing` says whether they are good.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .command import Load
from .latencies import Latencies

FEWEST = 1000  # samples for a p99 that says something: ten of them are beyond it
_BUSY_SHARE = 0.1
_LATE_MS, _LATE_SHARE = 25.0, 0.5

Data = dict[str, Any]


def data(found: Mapping[str, Any] | None, load: Load, usage: Mapping[str, Any], said: str) -> Data:
    """Return the `data` of the ledger's `load-tested`; `problems` are sentences why nothing follows from it.

    `found` is what the listener wrote, None when nothing was; `usage` what the host says of CPU and memory meanwhile.
    """
    if not found or not found.get("requests"):
        why = f"the load test left no samples: {said}" if said else "the load test left no samples"
        return {
            "requests": 0,
            "failed": 0,
            "users": load.users,
            "rate": load.rate,
            "saturated": False,
            "problems": [why],
        }
    total = Latencies()
    names = {name: Latencies.decoded(one["histogram"]) for name, one in found["names"].items()}
    for own in names.values():
        total.add(own)
    told: Data = {
        "requests": int(found["requests"]),
        "failed": int(found["failed"]),
        "error_rate": round(found["failed"] / found["requests"], 6),
        "throughput_rps": round(found["requests"] / found["seconds"], 2) if found["seconds"] > 0 else 0.0,
        **_percentiles(total),
        "samples": total.count,
        "users": load.users,
        "rate": load.rate,
        "seconds": found["seconds"],
        "warm_up_seconds": round(load.warm_up, 1),
        "locust_p99_ms": found["locust"]["p99_ms"],
        "generator": {**found["generator"], "late_p99_ms": found["late_p99_ms"]},
        "failures": found["failures"],
        "names": {
            name: {
                "requests": found["names"][name]["requests"],
                "failed": found["names"][name]["failed"],
                **_percentiles(own),
            }
            for name, own in names.items()
        },
        "histogram": total.encoded(),
        **usage,
    }
    why_saturated = _saturated(told)
    told["saturated"] = bool(why_saturated)
    told["problems"] = [*why_saturated, *_too_little(told, found)]
    return told


def _percentiles(latencies: Latencies) -> Data:
    return {f"p{name}_ms": round(latencies.percentile(name) or 0.0, 3) for name in (50, 95, 99)}


def _saturated(told: Data) -> list[str]:
    generator = told["generator"]
    busy = generator["busy_seconds"] / generator["seconds"] if generator["seconds"] else 0.0
    late = generator["late_p99_ms"] or 0.0
    if busy > _BUSY_SHARE:
        return [
            f"the generator was saturated: at its limit in {generator['busy_seconds']} of {generator['seconds']} s; "
            "the numbers are its own, not the component's"
        ]
    if late > max(_LATE_MS, _LATE_SHARE * told["p99_ms"]):
        return [f"the generator was saturated: it began 1 % of the requests more than {late:.0f} ms late"]
    return []


def _too_little(told: Data, found: Mapping[str, Any]) -> list[str]:
    said = []
    if told["requests"] < FEWEST:
        said.append(f"only {told['requests']} requests were measured; a p99 needs {FEWEST}: a longer run or more users")
    if found["unknown_pace"]:
        kinds = ", ".join(name or "users that never wait" for name in found["unknown_pace"])
        said.append(f"too few requests in the warm-up to know how often {kinds} ask: a longer run")
    if told.get("cpu") is None:
        said.append(
            f"nobody knows what CPU and memory it took: {told.get('usage_problem') or 'the host was not asked'}"
        )
    return said
