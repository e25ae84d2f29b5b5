"""Incidents: one for each run in which a release was taken back, or a watch failed, as the ledger tells it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import incident_page, triage
from .issue import INCIDENT, Issue, incident_key, is_open, issue, kept, of

Entry = Mapping[str, Any]


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
