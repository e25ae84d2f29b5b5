"""Backups and restores as the terminal shows them. Pure: results of the host program in, reports out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...module_utils.host.backup import durations


def taken(operation: Mapping[str, Any], points: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the report of a backup: a row a component."""
    unverified = [name for name, one in points.items() if not one["verified_at"]]
    state = "not verified yet" if unverified else "each restored once"
    what = ", ".join(points) if len(points) < 4 else f"{len(points)} components"
    step = f"sudo tta-ops verify-backups --environment {operation['target']}, on the host" if unverified else ""
    return {
        "headline": f"BACKED UP {what} on {operation['target']}, {state}",
        "outcome": "done",
        "criteria": [],
        "rows": [[name, _row(one)] for name, one in points.items()],
        "next": [step] if step else ["ansible-playbook status.yml"],
    }


def _row(one: Mapping[str, Any]) -> str:
    seconds = ", ".join(f"{name} {value:.1f} s" for name, value in one["seconds"].items())
    counted = ", ".join(f"{name}: {counts(found)}" for name, found in one["counts"].items())
    looked = "; ".join(text for lines in (one.get("looked") or {}).values() for text in lines)
    return "; ".join(
        [f"{one['id']}, {one['bytes'] / 1e6:.1f} MB ({seconds})", *(part for part in (counted, looked) if part)]
    )


def counts(found: Mapping[str, Any]) -> str:
    """Return what was counted in one service, in a few words."""
    parts = []
    for name, one in found.items():
        if "keys" in one:
            parts.append(f"{name} {one['keys']} keys")
        elif "files" in one:
            parts.append(f"{name} {one['files']} files, sha256 {str(one.get('sha256'))[:12]}")
        elif set(one) == {"bytes"}:
            parts.append(f"{name} {one['bytes']} bytes")
        else:
            parts.append(f"{name} {sum(one.values())} rows in {len(one)} tables")
    return ", ".join(parts) or "nothing to count"


def restored(operation: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a restore."""
    lost = result["lost_since"]
    return {
        "headline": f"RESTORED {operation['component']} on {operation['target']} to {lost['at']}",
        "outcome": "done",
        "criteria": [],
        "rows": [
            ["restore point", str(result["point"])],
            ["lost", f"what was written since {lost['at']}, {durations.text(lost['seconds'])}, as accepted"],
            ["compared", "; ".join(text for lines in result["services"].values() for text in lines)],
            ["time", f"{result['seconds']['total']:g} s, {result['seconds']['gap']:g} s of them stopped"],
            ["what was there before", f"{result['safety_point']}, kept for seven days"],
        ],
        "next": ["ansible-playbook status.yml"],
    }


def failed(verb: str, message: str) -> dict[str, Any]:
    """Return the report of what did not succeed."""
    titles = {"backup": "NOT BACKED UP", "restore": "NOT RESTORED", "configure": "NOTHING DONE"}
    return {
        "headline": f"{titles.get(verb, f'FAILED {verb}')} {message.partition(';')[0]}",
        "outcome": "failed",
        "criteria": [],
        "rows": [["what happened", message]],
        "next": ["ansible-playbook status.yml"],
    }
