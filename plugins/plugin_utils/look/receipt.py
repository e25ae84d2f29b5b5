"""What a change of a release did to its users, as the terminal shows it. Pure: a receipt in, table and rows out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

COLUMNS = ("", "requests", "failed", "p50", "p99")
_REST = re.compile(r"; (?:cause: |its logs |nothing was changed|\d+ is kept |\d+ long requests )")
_PHASES = ("before", "during", "after")


def shown(receipt: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return `{table, rows}` for a report; both empty where nothing was changed."""
    if not receipt or not any(receipt.get(key) for key in ("probe", "healthy_seconds", "swap_ms", "gap_seconds")):
        return {"table": None, "rows": []}
    probe = receipt.get("probe") or {}
    table = {"columns": list(COLUMNS), "rows": [_phase(name, probe[name]) for name in _PHASES]} if probe else None
    return {"table": table, "rows": _rows(receipt, probe)}


def deployed(operation: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a deploy that went well."""
    words = {"deployed": "DEPLOYED", "started": "STARTED", "unchanged": "UNCHANGED"}
    outcome, seen = str(result.get("outcome")), shown(result.get("receipt"))
    release = result.get("release") or {}
    artifact = release.get("artifact") or {}
    serves = f"{operation['component']} {result.get('current')}, commit {str(artifact.get('commit'))[:12]}"
    previous = result.get("previous")
    until = (result.get("colours") or {}).get("warm_until")
    back = [["way back", f"{previous} is kept{f', warm until {until}' if until else ''}"]] if previous else []
    return {
        "headline": f"{words.get(outcome, 'DEPLOYED')} {first_line(str(result.get('msg')))}",
        "outcome": "unchanged" if outcome == "unchanged" else "done",
        "criteria": [],
        "table": seen["table"],
        "rows": [["serves now", serves], *back, *seen["rows"]],
        "next": ["ansible-playbook status.yml"],
    }


def first_line(message: str) -> str:
    """Return what of a host's sentence belongs into the first line: who serves, and what became of requests."""
    return _REST.split(message, maxsplit=1)[0]


def _phase(name: str, phase: Mapping[str, Any]) -> list[str]:
    return [
        name,
        str(phase["requests"]),
        str(phase["failures"]),
        _milliseconds(phase.get("p50_ms")),
        _milliseconds(phase.get("p99_ms")),
    ]


def _rows(receipt: Mapping[str, Any], probe: Mapping[str, Any]) -> list[list[str]]:
    gap, healthy, swap = (receipt.get(key) for key in ("gap_seconds", "healthy_seconds", "swap_ms"))
    drain = receipt.get("drain") or {}
    rows = [["requests", f"sent to {probe['target']}, {probe['rate']:g} a second"]] if probe.get("target") else []
    if not probe:
        rows.append(["requests", "none were sent: nothing served at an address of its own, or probes is 0"])
    if gap is not None:
        rows.append(["longest gap", _seconds(gap)])
    if healthy is not None:
        rows.append(["healthy after", _seconds(healthy)])
    if swap is not None:
        rows.append(["traffic moved in", _milliseconds(swap)])
    if drain:
        left = f", {drain['left']} left" if drain.get("left") else ""
        rows.append(["the old one ended in", f"{_seconds(drain['seconds'])}{left}"])
    return rows


def _seconds(value: float) -> str:
    return f"{value:.2f} s"


def _milliseconds(value: float | None) -> str:
    return "" if value is None else f"{value:g} ms"
