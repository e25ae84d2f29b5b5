"""Whether the numbers of a load test are good: by what is promised, and by the last run that passed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .command import Load

WORSE_PERCENT, WORSE_MS = 25.0, 5.0  # the same release twice on a busy machine differs by as much

Data = dict[str, Any]


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
