"""What the terminal shows of what Prometheus saw. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def report(operation: Mapping[str, Any], environment: str, observed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return headline and rows: of each component the uptime, why it is no pass, and where its dashboard is."""
    rows: list[list[str]] = []
    for one in observed:
        rows.append([one["component"], _uptime(one)])
        if one["cause"]:
            rows.append(["", one["cause"]])
        if one["board"]:
            rows.append(["", one["board"]])
    about = operation.get("component") or f"{len(observed)} components"
    return {
        "headline": f"OBSERVED {about} on {environment}, by Prometheus",
        "outcome": "done",
        "criteria": [],
        "rows": rows,
        "next": [],
    }


def _uptime(one: Mapping[str, Any]) -> str:
    if one["uptime_percent"] is None:
        return f"{one['verdict']}: no minute of it counts yet"
    least, most = one["uptime_percent"], one["upper_percent"]
    between = f"{least:.2f} %" if least == most else f"{least:.2f} % to {most:.2f} %"
    said = f"{one['verdict']}: up {between} of {one['slots']} minutes ({one['unknown']} not probed)"
    return f"{said}; earliest {one['earliest']}"
