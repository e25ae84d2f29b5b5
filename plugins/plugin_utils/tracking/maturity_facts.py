"""What MATURITY.md has places for, from the ledger, the tracker and the catalogue. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import dates, events, measured
from .issue import BLOCKER, PROMOTION, is_open, of
from .markdown import prose

Entries = Sequence[Mapping[str, Any]]
_SCANS = ("security", "security-scan", "advisories")
_GATES = {
    "readme": ("readme",),
    "api": ("api-reference", "api-documented"),
    "user": ("user-guide",),
    "troubleshooting": ("troubleshooting",),
    "rollback": ("rollback-documented",),
}


def facts(operation: Mapping[str, Any], event: Mapping[str, Any], ledger: Entries, known: Entries) -> dict[str, Any]:
    """Return the facts for ``maturity.fill``; ``event`` is the promotion that stands, ``known`` the tracked issues."""
    component, entry = operation["component"], operation["entry"]
    found = measured.facts(component, str((event["artifact"] or {}).get("tree")), ledger)
    gates = {**found["gates"], **((event.get("data") or {}).get("measured") or {})}
    coverage = (event.get("data") or {}).get("coverage")
    monitoring, health = entry.get("monitoring") or {}, entry.get("health") or {}
    return {
        "performance": _performance(found["performance"] or {}, found["uptime"]),
        "coverage": {**found["coverage"], **(coverage if isinstance(coverage, Mapping) else {})},
        "tests": {kind: tests["paths"] for kind, tests in (entry.get("tests") or {}).items() if tests},
        "security": _security(gates),
        "documents": {name: _passed(gates, names) for name, names in _GATES.items()},
        "monitoring": {
            "endpoint": health.get("http"),
            "health": _passed(gates, ("health-answers",)),
            "metrics": _passed(gates, ("metrics-parse",)) if monitoring.get("metrics") else None,
            "alerts": _passed(gates, ("alert-rules",)),
        },
        "rollback": {
            "tested": dates.day(found["rehearsal"]["at"]) if (found["rehearsal"] or {}).get("clean") else "never",
            "document": entry["rollback"],
        },
        "blockers": blockers(component, known),
        "demotions": demotions(component, ledger),
        "actor": prose(event["actor"]).replace("\\<", "&lt;").partition(" &lt;")[0],
    }


def numbers(component: str, ledger: Entries, known: Entries, elsewhere: Mapping[str, int]) -> dict[str, int]:
    """Return run → number of its promotion request: the tracker's elsewhere if it has one, else the environment's."""
    by_tree = {
        (one["fields"].get("target"), one["fields"].get("tree")): elsewhere.get(one["key"], one["number"])
        for one in of(known, PROMOTION, component)
    }
    return {
        str((one["data"] or {}).get("run") or one["run"]): by_tree[key]
        for one in events.promotions_of(component, ledger)
        if (key := (events.stage_of(one), (one["artifact"] or {}).get("tree"))) in by_tree
    }


def blockers(component: str, known: Entries) -> dict[str, list[str]]:
    """Return the blockers as MATURITY.md lists them, by number."""
    own = sorted(of(known, BLOCKER, component), key=lambda one: int(one["number"]))
    still = [one for one in own if is_open(one)]
    return {
        **{
            stage: [f"Issue #{one['number']}: {_what(one)}" for one in still if one["fields"].get("target") == stage]
            for stage in ("staging", "production")
        },
        "active": [line for place, one in enumerate(still, 1) for line in _active(place, one)],
        "resolved": [
            f"{place}. **Issue #{one['number']}**: {_what(one)} (Resolved: {str(one['closed'])[:10]})"
            for place, one in enumerate((one for one in own if not is_open(one)), 1)
        ],
    }


def demotions(component: str, ledger: Entries) -> list[str]:
    """Return the component's demotions, oldest first."""
    found = []
    for one in ledger:
        if one["event"] == "demoted" and one["component"] == component:
            data = one.get("data") or {}
            why = prose(one.get("reason") or data.get("details") or data.get("cause") or "no reason was given")
            found.append(f"{dates.day(one['at'])}: Demoted to {str(data.get('stage')).capitalize()} (Reason: {why})")
    return found


def _active(place: int, one: Mapping[str, Any]) -> list[str]:
    fields = one["fields"]
    return [
        f"{place}. **Issue #{one['number']}**: {_what(one)}",
        f"   - **Type**: {str(fields.get('type')).capitalize()}",
        f"   - **Severity**: {str(fields.get('severity')).capitalize()}",
        f"   - **Target Stage**: {str(fields.get('target')).capitalize()}",
        "   - **Status**: Open",
    ]


def _what(one: Mapping[str, Any]) -> str:
    return prose(str(one["title"]).partition(": ")[2] or one["title"]).replace("\\<", "&lt;")


def _passed(gates: Mapping[str, Any], names: Sequence[str]) -> bool | None:
    """Whether all of these gates that were judged passed; None when none was."""
    verdicts = [gates[name]["verdict"] for name in names if name in gates]
    return all(each == "pass" for each in verdicts) if verdicts else None


def _performance(found: Mapping[str, Any], uptime: Mapping[str, Any] | None) -> dict[str, str]:
    units = {"p50_ms": "ms", "p95_ms": "ms", "p99_ms": "ms", "throughput_rps": " req/s", "cpu": "%", "memory_mb": "MB"}
    said = {
        key.partition("_")[0]: f"{found[key]:g}{unit}"
        for key, unit in units.items()
        if isinstance(found.get(key), (int, float))
    }
    if uptime and isinstance(uptime["uptime_percent"], (int, float)):
        days = f" (over {uptime['days']:g} days)" if uptime["days"] is not None else ""
        said["uptime"] = f"{uptime['uptime_percent']:g}%{days}"
    return said


def _security(gates: Mapping[str, Any]) -> dict[str, Any] | None:
    """The scans: bandit tells medium and higher, so low is not counted; of a finding the severity is not known here."""
    scans = {name: gates[name] for name in _SCANS if name in gates}
    if not scans:
        return None
    clean = all(each["verdict"] == "pass" for each in scans.values())
    number = "0" if clean else "unknown"
    reviewed = _passed(gates, ("security-scan", "advisories", "secrets"))
    day = dates.day(max(str(each["earned"]) for each in scans.values()))
    return {
        "date": day,
        "counts": {"Critical": number, "High": number, "Medium": number, "Low": "not counted"},
        "known": "None" if clean else f"see the evidence: {', '.join(sorted(scans))}",
        "review": "Complete" if reviewed else "In Progress" if reviewed is None else "Not passed",
        "reviewed": day if reviewed else "N/A",
    }
