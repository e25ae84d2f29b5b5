"""What has been measured of an artifact, from its verdicts and from the ledger's entries about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]
_OF_VERDICT = ("verdict", "found", "examined", "earned")
_PERFORMANCE = ("p50_ms", "p95_ms", "p99_ms", "throughput_rps", "cpu", "memory_mb", "error_rate", "users", "requests")


def of_verdicts(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what a promotion's entry keeps of each verdict: `{gate: {verdict, found, examined, earned}}`."""
    return {str(each["gate"]): {key: each.get(key) for key in _OF_VERDICT} for each in verdicts if each.get("gate")}


def facts(
    component: str, tree: str, entries: Sequence[Entry], gates: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return `{gates, coverage, performance, uptime, rehearsal, backup}` of exactly this artifact.

    `gates` are those just judged; beside them stand those of the promotions of the same artifact. What nobody measured
    is None. `performance` has the catalogue's units: ms, requests a second, percent of a core, MB.
    """
    own = [one for one in entries if one["component"] == component]
    exact = [one for one in own if str((one.get("artifact") or {}).get("tree")) == tree]
    promotions = [one for one in exact if one["event"] == "promoted"]
    known: dict[str, Any] = {}
    coverage: dict[str, Any] = {}
    for one in promotions:
        data = one.get("data") or {}
        known |= data.get("measured") or {}
        coverage |= data["coverage"] if isinstance(data.get("coverage"), Mapping) else {}
    return {
        "gates": {**known, **(gates or {})},
        "coverage": coverage,
        "performance": _some(_last(exact, "load-tested"), _PERFORMANCE),
        "uptime": _uptime(_last(exact, "observed")),
        "rehearsal": _rehearsal(_last(exact, "rehearsed")),
        "backup": _some(_last(own, "backed-up"), ("point", "verified")),
    }


def _last(entries: Iterable[Entry], event: str) -> Entry | None:
    found = [one for one in entries if one["event"] == event]
    return found[-1] if found else None


def _some(entry: Entry | None, keys: Iterable[str]) -> dict[str, Any] | None:
    data = (entry or {}).get("data") or {}
    return {"at": entry["at"], "run": entry["run"], **{key: data.get(key) for key in keys}} if entry else None


def _uptime(entry: Entry | None) -> dict[str, Any] | None:
    found = _some(entry, ("uptime_percent", "upper_percent", "slots", "unknown", "from", "until", "verdict"))
    if found is None:
        return None
    slots = found["slots"]
    return {**found, "days": round(slots / 1440, 1) if isinstance(slots, (int, float)) else None}


def _rehearsal(entry: Entry | None) -> dict[str, Any] | None:
    found = _some(entry, ("checks", "failed", "mode", "recovery_seconds", "expires"))
    return found and {**found, "clean": bool(found["checks"]) and found["failed"] == 0}
