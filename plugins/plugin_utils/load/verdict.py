"""What came of a load test: the numbers for the ledger, and whether they are worth anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .command import Load
from .latencies import Latencies

FEWEST = 1000  # samples for a p99 that says something: ten of them are beyond it
_BUSY_SHARE = 0.1
_LATE_MS, _LATE_SHARE = 25.0, 0.5
WORSE_PERCENT, WORSE_MS = 25.0, 5.0  # the same release twice on a busy machine differs by as much

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


def last_passing(entries: Iterable[Mapping[str, Any]], component: str, environment: str, load: Load) -> Data | None:
    """Return the data of the newest load test that passed under the same load, of whatever artifact."""
    for entry in reversed(list(entries)):
        own = entry.get("data") or {}
        same = (entry.get("event"), entry.get("component"), entry.get("environment")) == (
            "load-tested",
            component,
            environment,
        )
        if same and own.get("verdict") == "pass" and (own.get("users"), own.get("rate")) == (load.users, load.rate):
            return {**own, "at": entry.get("at")}
    return None


def judged(told: Data, promises: Mapping[str, float], before: Mapping[str, Any] | None) -> Data:
    """Return the data with `verdict` (pass, fail, inconclusive), `missed`, `regressions`, and `compared_with`."""
    missed = [said for name, wanted in promises.items() if (said := _missed(name, told.get(name), wanted))]
    regressions = _regressions(told, before) if before else []
    problems = list(told["problems"])
    if not promises:
        problems.append("nothing is promised: the catalogue has no sla for this component")
    problems += [f"{name} is promised, but was not measured" for name in promises if told.get(name) is None]
    failed = bool(missed or regressions or told["failed"])
    verdict = "inconclusive" if problems else "fail" if failed else "pass"
    return {
        **told,
        "problems": problems,
        "missed": missed,
        "regressions": regressions,
        "compared_with": before.get("at") if before else None,
        "verdict": verdict,
    }


def _missed(name: str, found: Any, wanted: float) -> str:
    if found is None:
        return ""
    upper = name.endswith("_ms") or name == "error_rate"
    if (found > wanted) if upper else (found < wanted):
        return f"{name} was {found:g}, {'at most' if upper else 'at least'} {wanted:g} is promised"
    return ""


def _regressions(told: Data, before: Mapping[str, Any]) -> list[str]:
    said = []
    for name in ("p50_ms", "p95_ms", "p99_ms"):
        was, now = before.get(name), told.get(name)
        if was is not None and now is not None and now > was * (1 + WORSE_PERCENT / 100) + WORSE_MS:
            said.append(f"{name} was {now:g}, in the last run that passed {was:g}")
    was, now = before.get("throughput_rps"), told.get("throughput_rps")
    if was and now is not None and now < was * (1 - WORSE_PERCENT / 100):
        said.append(f"throughput_rps was {now:g}, in the last run that passed {was:g}")
    return said
