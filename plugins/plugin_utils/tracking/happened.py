"""What the ledger tells of releases that were taken back, a run at a time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Entry = Mapping[str, Any]
EVENTS = ("returned", "removed", "incident")


def found(entries: Sequence[Entry], component: str | None = None) -> list[dict[str, Any]]:
    """Return the incidents that an environment's ledger tells of, oldest first; rehearsals are none.

    `{run, component, environment, at, first_bad, kind, bad: {number, commit, tree}, good: {…}|None, cause, actor, act,
    failed_requests|None, requests, gap_seconds, data_lost|None, served, verified, word, entries, evidence}`
    """
    runs: dict[tuple[str, str], list[Entry]] = {}
    on_purpose = {str(one["run"]) for one in entries if _by_hand(one)}
    for one in entries:
        data = one.get("data") or {}
        own = one["event"] in EVENTS and one["component"] and component in (None, one["component"])
        if own and not data.get("rehearsal") and str(one["run"]) not in on_purpose:
            runs.setdefault((one["component"], str(one["run"])), []).append(one)
    return [_incident(name, run, own, entries) for (name, run), own in runs.items()]


def _by_hand(one: Entry) -> bool:
    """What a person's demotion takes away goes on purpose."""
    return bool(one["event"] == "demoted" and not (one.get("data") or {}).get("automatic"))


def _incident(component: str, run: str, own: Sequence[Entry], entries: Sequence[Entry]) -> dict[str, Any]:
    back = next((one for one in own if one["event"] in ("returned", "removed")), None)
    told = next((one for one in own if one["event"] == "incident"), None)
    said, data = (told or {}).get("data") or {}, (back or {}).get("data") or {}
    last = own[-1]
    number = (
        said.get("from_release") or data.get("from") or (back["release"] if back and not data.get("from") else None)
    )
    history = [one for one in entries if one["component"] == component and one["at"] <= last["at"]]
    deployed = [one for one in history if one["event"] == "deployed" and one["release"] == number]
    begun = entries.index(deployed[-1]) if deployed else entries.index(own[0])
    bad = {"number": number, **_artifact((deployed[-1] if deployed else None) or (back or {}), data.get("gone"))}
    returned = back is not None and back["event"] == "returned"
    restored = [one for one in history if one["event"] == "restored" and str(one["run"]) == run]
    probes = [one for each in own if (one := ((each.get("data") or {}).get("receipt") or {}).get("probe"))]
    return {
        "run": run,
        "component": component,
        "environment": last["environment"],
        "at": last["at"],
        "first_bad": said.get("first_bad"),
        "kind": said.get("kind") or ("rollback" if data.get("act") in ("rollback", None) else "failed-deploy"),
        "bad": bad,
        "good": {"number": back["release"], **_artifact(back, None)} if back and returned else None,
        "cause": str(data.get("cause") or said.get("trigger") or last.get("reason") or ""),
        "details": said.get("details"),
        "actor": last["actor"],
        "act": data.get("act") or said.get("kind") or "",
        "failed_requests": sum(int(one["failures"]) for one in probes) if probes else None,
        "requests": sum(int(one["requests"]) for one in probes),
        "gap_seconds": max((one.get("longest_gap_seconds") or 0 for one in probes), default=None),
        "data_lost": _lost(restored),
        "served": not data.get("rejected") and bool(deployed or said),
        "verified": data.get("verified"),
        "word": said.get("severity"),
        "entries": [one for one in entries[begun:] if one["component"] == component and one["at"] <= last["at"]],
    }


def _artifact(entry: Entry, gone: Mapping[str, Any] | None) -> dict[str, Any]:
    artifact = gone or entry.get("artifact") or {}
    return {key: artifact.get(key) for key in ("commit", "tree")}


def _lost(restored: Sequence[Entry]) -> str:
    """What a restore threw away; an empty text: data were not touched."""
    return f"everything written since {(restored[-1].get('data') or {}).get('lost_since')}" if restored else ""
