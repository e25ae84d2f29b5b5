"""Incidents: one for each run in which a release was taken back, or a watch failed, as the ledger tells it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import incident_page, triage
from .issue import INCIDENT, Issue, incident_key, is_open, issue, kept, of

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


def reports(
    operation: Mapping[str, Any],
    incidents: Iterable[Mapping[str, Any]],
    known: Sequence[Mapping[str, Any]],
    changes: Mapping[str, Sequence[str]],
    reported: Sequence[Mapping[str, Any]] = (),
) -> list[Issue]:
    """Return a report for each incident that has none yet; `changes` are what came between the releases, by run.

    `reported` are the reports of users that the tracker holds: `{number, title}`.
    """
    have = {one["key"] for one in of(known, INCIDENT)}
    new = [one for one in incidents if incident_key(one["component"], one["run"]) not in have]
    return [_report(operation, one, changes.get(one["run"]), reported) for one in new]


def edited(known: Mapping[str, Any], operation: Mapping[str, Any]) -> Issue:
    """Return a known incident after a person gave its severity, its fix, or the reason to close it."""
    fields = dict(known["fields"])
    said = []
    if operation["severity"]:
        fields |= {"severity": operation["severity"]}
        said.append(f"severity {operation['severity']}: {triage.WHAT_TO_DO[operation['severity']]}")
    if operation["fix"]:
        fields |= {"fix": operation["fix"]}
        said.append(incident_page.fixed(operation["fix"]))
    if operation["reason"]:
        said.append(incident_page.closing(operation["reason"]))
    comment = {"marker": f"edited-{operation['run'].lower()}", "body": incident_page.remark(operation, said)}
    return kept(
        known,
        labels=labels(known["component"], fields["environment"], fields["severity"]),
        due=triage.due(fields["severity"], str(known["opened"])),
        state="closed" if operation["reason"] else known["state"],
        fields=fields,
        comments=[comment],
        at=operation["asked_at"],
    )


def fixed_by(event: Entry, known: Sequence[Mapping[str, Any]], operation: Mapping[str, Any]) -> list[Issue]:
    """Return the incidents of this environment that a promotion fixes, closed."""
    fixes = {one["incident"]: one["fix"] for one in (event.get("data") or {}).get("fixes") or []}
    return [
        kept(
            one,
            state="closed",
            fields={**one["fields"], "fix": fixes[one["key"]]},
            comments=[{"marker": "fixed", "body": incident_page.promoted(event, fixes[one["key"]])}],
            at=operation["asked_at"],
        )
        for one in of(known, INCIDENT, event["component"])
        if is_open(one) and one["key"] in fixes
    ]


def labels(component: str, environment: str, severity: str) -> list[str]:
    """Return the labels of an incident."""
    return [f"component:{component}", "incident", f"severity:{severity}", f"environment:{environment}"]


def _report(
    operation: Mapping[str, Any],
    incident: Mapping[str, Any],
    changes: Sequence[str] | None,
    reported: Sequence[Mapping[str, Any]],
) -> Issue:
    component, environment = incident["component"], incident["environment"]
    severity, why = triage.severity(incident)
    due = triage.due(severity, incident["at"])
    number = (incident["bad"] or {}).get("number")
    return issue(
        INCIDENT,
        incident_key(component, incident["run"]),
        component,
        title=f"[INCIDENT] {component}: {incident_page.headline(incident, number)}",
        at=incident["at"],
        labels=labels(component, environment, severity),
        body=incident_page.body(operation, incident, severity, why, due, changes, reported),
        due=due,
        fields={
            "severity": severity,
            "environment": environment,
            "target": environment,
            "fix": None,
            "run": incident["run"],
            "tree": (incident["bad"] or {}).get("tree"),
        },
    )


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
