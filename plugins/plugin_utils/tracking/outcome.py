"""The end of a promotion, as the terminal shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..look import receipt
from . import dates
from .events import stage_of


def outcome(
    operation: Mapping[str, Any], event: Mapping[str, Any], deployed: Mapping[str, Any], *, unchanged: bool
) -> dict[str, Any]:
    """Return the report of a promotion that stands; `deployed` is the result of its deployment, empty for a library."""
    component, stage, artifact = event["component"], stage_of(event), event["artifact"] or {}
    data = event["data"] or {}
    waived = sum(bool(each.get("waivers")) for each in data.get("criteria") or [])
    said = f"{component} → {stage} {data.get('met') or ''}".strip() + (f", {waived} waived" if waived else "")
    headline = f"UNCHANGED {component} is already in {stage} with this artifact" if unchanged else f"PROMOTED {said}"
    release = deployed.get("release") or {}
    health = operation["entry"].get("health") or {}
    published = (deployed.get("published") or {}).get(health.get("service"), {}).get(str(health.get("port")))
    rows = [
        ["artifact", f"commit {artifact.get('commit', '')[:12]}, tree {artifact.get('tree', '')[:12]}"],
        *([["release", str(release["number"])]] if release else []),
        *([["answers at", f"http://{published}{health['http']}"]] if published and health.get("http") else []),
        ["promoted", f"{dates.day(event['at'])} by {event['actor']}"],
        ["evidence", f"{operation['operator_state']}/evidence/{event['run']}"],
        ["written", f"{operation['entry']['maturity']}, {operation['settings']['status_page']}"],
    ]
    seen = receipt.shown(deployed.get("receipt"))
    if deployed.get("point"):
        rows.append(["restore point", str(deployed["point"])])
    if deployed.get("watch"):
        rows.append(["watched", f"by the host until {deployed['watch']['until']}; it takes the release back by itself"])
    if stage == "staging":
        earliest = dates.earliest_production(event["at"])
        rows.append(["observation", f"{dates.DAYS_IN_STAGING} days; production at the earliest on {earliest}"])
    return {
        "headline": headline,
        "outcome": "unchanged" if unchanged else "promoted",
        "criteria": [],
        "table": seen["table"],
        "rows": [*rows, *seen["rows"]],
        "next": ["ansible-playbook status.yml"],
    }


def recorded(event: Mapping[str, Any], deployed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the ledger is to write: the promotion that was presumed, of the artifact as it was really built."""
    release = deployed.get("release") or {}
    return {
        "event": "promoted",
        "artifact": release.get("artifact") or event["artifact"],
        "release": release.get("number"),
        "evidence": event["data"]["evidence_root"],
        "data": event["data"],
    }
