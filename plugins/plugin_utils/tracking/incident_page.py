"""The report of an incident: what happened when, to whom, what changed before, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import triage
from .markdown import code, prose
from .spaced import spaced

_SHOWN = 40
_ACTS = {
    "deploy": "the toolkit: the new release was no good, so the one before came back",
    "undo": "the toolkit: the release failed its verification",
    "remove": "the toolkit: its first release failed its verification",
    "watch": "the watch after the deploy",
    "rollback": "whoever rolled back",
}


def headline(incident: Mapping[str, Any], number: Any) -> str:
    """What the title says after the component."""
    what = f"release {number}" if number else "a release"
    cause = " ".join(str(incident["cause"]).split())
    how = "taken back" if incident["good"] else "removed" if incident["act"] != "watch" else "found bad"
    short = cause if len(cause) <= 80 else f"{cause[:79]}…"
    return f"{what} {how} in {incident['environment']}{': ' + prose(short) if short else ''}"


def body(
    operation: Mapping[str, Any],
    incident: Mapping[str, Any],
    severity: str,
    why: str,
    due: str,
    changes: Sequence[str] | None,
    reported: Sequence[Mapping[str, Any]],
) -> str:
    """The whole report."""
    place = operation["environments"][incident["environment"]]["state"]
    number = (incident["bad"] or {}).get("number")
    evidence = f"{place}/{incident['environment']}/components/{incident['component']}/releases/{number}/evidence"
    lines = [
        *("## Severity", f"{severity.capitalize()} ({why}): {triage.WHAT_TO_DO[severity]}. Fix due {due}."),
        *("## Timeline", "| Time (UTC) | What | Who |", "| --- | --- | --- |", *_timeline(incident)),
        *("## First bad signal", _first(incident)),
        *("## Who decided", f"{_ACTS.get(incident['act'], prose(incident['act']) or 'nobody is named')},"
          f" run {code(incident['run'])} by {code(incident['actor'])}"),
        *("## What changed between the releases", *_changes(incident, changes)),
        *("## Users affected", _users(incident)),
        *("## User reports", *([f"- #{one['number']} {prose(one['title'])}" for one in reported] or ["None known"])),
        *("## Data lost", incident["data_lost"] or "None: the data were not touched."),
        *("## Root cause", "not known yet"),
        *("## Open questions", *_questions(incident)),
        *("## Evidence", f"- Logs of the release: {code(evidence)}", f"- Ledger: run {code(incident['run'])}"),
    ]  # fmt: skip
    return "\n".join(spaced(lines)) + "\n"


def fixed(fix: str) -> str:
    """A fix in words."""
    return f"fixed by {code(fix)}"


def closing(reason: str) -> str:
    """Why it is closed, in words."""
    return f"closed: {prose(reason)}"


def remark(operation: Mapping[str, Any], said: Sequence[str]) -> str:
    """The comment of a person who changed it."""
    return f"{code(operation['actor'])} on {operation['asked_at'][:10]}: {'; '.join(said)}."


def promoted(event: Mapping[str, Any], fix: str) -> str:
    """The comment with which the promotion of the fix closes it."""
    commit = str((event["artifact"] or {}).get("commit"))[:12]
    return (
        f"Fixed by {code(fix)}: promoted to {event['environment']} at commit {code(commit)}, run {code(event['run'])}."
    )


def _timeline(incident: Mapping[str, Any]) -> list[str]:
    rows = [(one["at"], _said(one), str(one["actor"])) for one in incident["entries"]]
    if incident["first_bad"]:
        rows.append((str(incident["first_bad"]), "first bad signal", "the probes"))
    return [f"| {at} | {prose(what)} | {prose(who)} |" for at, what, who in sorted(rows, key=lambda row: row[0])]


def _said(entry: Mapping[str, Any]) -> str:
    data = entry.get("data") or {}
    release = f" release {entry['release']}" if entry.get("release") else ""
    cause = data.get("cause") or data.get("trigger") or ""
    return f"{entry['event']}{release}{f' ({cause})' if cause else ''}"


def _first(incident: Mapping[str, Any]) -> str:
    seen = f"At {incident['first_bad']}: " if incident["first_bad"] else ""
    details = f" ({prose(incident['details'])})" if incident.get("details") else ""
    return f"{seen}{prose(incident['cause']) or 'no reason was given'}{details}"


def _changes(incident: Mapping[str, Any], changes: Sequence[str] | None) -> list[str]:
    good, bad = incident["good"] or {}, incident["bad"] or {}
    head = f"From commit {code(str(good.get('commit'))[:12])} to {code(str(bad.get('commit'))[:12])}."
    if not good:
        return ["It was the first release: nothing ran before it."]
    if changes is None:
        return [head, "", "The history between them could not be read here."]
    shown = [f"- {prose(each)}" for each in changes[:_SHOWN]] or ["No commit between them touches its files."]
    more = [f"- … and {len(changes) - _SHOWN} more"] if len(changes) > _SHOWN else []
    return [head, "", *shown, *more]


def _users(incident: Mapping[str, Any]) -> str:
    if incident["failed_requests"] is None:
        return "Nobody probed while it changed: not known."
    gap = f", the longest gap {incident['gap_seconds']:g} s" if incident["gap_seconds"] else ""
    return f"{incident['failed_requests']} of {incident['requests']} probes failed{gap}."


def _questions(incident: Mapping[str, Any]) -> list[str]:
    asked = ["- [ ] What is the root cause?", "- [ ] Which gate should have seen it, and why did it not?"]
    if incident["failed_requests"] is None:
        asked.append("- [ ] How many users were affected?")
    if not incident["first_bad"]:
        asked.append("- [ ] When did it begin?")
    if incident["verified"] is False:
        asked.append("- [ ] Is the release before well? It was not seen healthy after the return.")
    return asked
