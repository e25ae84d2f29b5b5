"""A week as a report for the terminal. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import strip

TITLES = {
    "logs": "new errors in the logs",
    "metrics": "numbers in their ranges, as on the first day",
    "tests": "integration tests, daily",
    "incidents": "no rollback, no incident",
}


def report(
    reports: Sequence[Mapping[str, Any]], problems: Sequence[str], page: str, component: str | None = None
) -> dict[str, Any]:
    """Return what the terminal shows: one component in full, several as a table."""
    following = [f"open {page}"] if page else []
    told = _one(reports[0]) if len(reports) == 1 else _many(reports, component or "nothing")
    told["rows"] += [["not told", text] for text in problems]
    return {"criteria": [], **told, "next": following}


def _one(found: Mapping[str, Any]) -> dict[str, Any]:
    rows: list[list[str]] = strip.rows(found)
    if rows:
        rows.append(["", strip.LEGEND])
    findings = found.get("findings") or {}
    gates = [_criterion(name, one) for name, one in findings.items()]
    if found.get("since"):
        rows += [
            ["since", f"{found['since']}, release {found.get('release')}"],
            ["error budget", f"{strip.minutes(max(0, found['left']))} of {strip.minutes(found['budget'])} left"],
            ["latency", _latency(found["measured"])],
            ["earliest production date", f"{found['earliest']}, if it stays up"],
            *[["read", f"{name}: {one['min']:g} to {one['max']:g}"] for name, one in found["readings"].items()],
        ]
    if not found.get("active"):
        rows.append(["observed", f"no longer, since {found.get('stopped')}"])
    if found.get("damage"):
        rows.append(["damage", found["damage"]])
    rows.append(["be aware", found["alike"]])
    outcome = {"pass": "done", "fail": "failed"}.get(found["verdict"], "inconclusive")
    return {"headline": f"OBSERVED {found['headline']}", "outcome": outcome, "criteria": gates, "rows": rows}


def _criterion(name: str, found: Mapping[str, Any]) -> dict[str, Any]:
    gate = {
        "gate": name,
        "verdict": found["verdict"],
        "found": "\n".join(found["said"][:5]),
        "cause": "\n".join(found["problems"][:5]),
    }
    return {"criterion": name, "title": TITLES.get(name, name), "verdict": found["verdict"], "gates": [gate]}


def _latency(found: Mapping[str, Any]) -> str:
    if not found["samples"]:
        return "never measured"
    shown = ", ".join(f"{key[:3]} {found[key]:g} ms" for key in ("p50_ms", "p95_ms", "p99_ms"))
    return f"{shown} of {found['samples']} probes"


def _many(reports: Sequence[Mapping[str, Any]], component: str) -> dict[str, Any]:
    if not reports:
        headline = f"OBSERVED {component} is {'' if component == 'nothing' else 'not '}observed"
        return {"headline": headline, "outcome": "done", "rows": [["next", "a promotion to staging begins it"]]}
    columns = ["component", "environment", "verdict", "up", "days", "earliest", "why"]
    rows = [
        [
            one["component"],
            one["environment"],
            one["verdict"],
            strip.between(one),
            f"{one.get('slots', 0) / 1440:.1f}",
            str(one.get("earliest") or "")[:10],
            one["cause"],
        ]
        for one in reports
    ]
    passed = sum(one["verdict"] == "pass" for one in reports)
    headline = f"OBSERVED {len(reports)} components, {passed} with seven good days"
    return {"headline": headline, "outcome": "status", "rows": [], "table": {"columns": columns, "rows": rows}}
