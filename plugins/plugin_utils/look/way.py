"""The way back of a component, told before it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils.host.backup import durations, putting_back
from .. import full_rollback
from ..way_back import Facts, WayBack

_ROADS = {
    ("blue-green", True): "warm: it still runs, one switch of the edge",
    ("blue-green", False): "cold: started and judged beside what serves, then one switch of the edge",
    ("stop-first", False): "cold, stop-first: what serves stops, then it starts in its place",
}
_QUICK = "stays as it is: mode=quick returns the containers and their environment, no volume"


def lines(operation: Mapping[str, Any], way: WayBack, untested: str) -> list[str]:
    """Return what a person reads before anything is touched."""
    return [f"{label}: {text}" for label, text in rows(operation, way, untested)]


def rows(operation: Mapping[str, Any], way: WayBack, untested: str) -> list[list[str]]:
    """Return label and text of everything that is worth knowing beforehand."""
    since = f", serves since {way.since}" if way.since else ""
    served = f", last served from {way.served}" if way.served else ""
    seconds = (
        "unknown: none was measured yet" if way.seconds is None else f"about {way.seconds:g} s, as measured before"
    )
    found = [
        ["from", f"{_title(operation, way.origin)}{since}"],
        ["to", f"{_title(operation, way.goal)}{served}"],
        ["how", _ROADS.get((way.strategy, way.warm), way.strategy)],
        ["takes", seconds],
        ["data", full_rollback.row(way.point) if way.point else _QUICK],
    ]
    if way.barred:
        found.append(["mind", f"this artifact was itself taken back on {way.barred['at']}"])
    if untested:
        found.append(["tests", f"will not run: {untested}"])
    return found


def report(operation: Mapping[str, Any], way: WayBack, untested: str) -> dict[str, Any]:
    """Return the report of a plan."""
    step = f"{operation['component']} {way.origin['number']} → {way.goal['number']} on {operation['target']}"
    return {
        "headline": f"PLAN rollback {step}",
        "outcome": "done",
        "criteria": [],
        "rows": rows(operation, way, untested),
        "next": [f"{_command(operation, way)}"],
    }


def _command(operation: Mapping[str, Any], way: WayBack) -> str:
    number = way.goal["number"]
    full = ""
    if way.point:
        loss = durations.text(putting_back.enough(way.point["lost_seconds"]))
        full = f" -e mode=full -e point={way.point['id']} -e accept_loss={loss}"
    return (
        f"ansible-playbook rollback.yml -e component={operation['component']} -e target={operation['target']}"
        f" -e release={number}{full}"
    )


def _title(operation: Mapping[str, Any], release: Facts) -> str:
    return f"{operation['component']} {release['number']}, commit {str(release['commit'])[:12]}"
