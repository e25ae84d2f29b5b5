"""What is tracked apart from a promotion: blockers and incidents that people change, incidents that happened. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..refusal import Refusal
from . import blockers, incidents, promotion, request
from . import happened as happenings
from .issue import BLOCKER, INCIDENT, Issue, is_open, of

Arguments = Mapping[str, Any]


def blocker(arguments: Arguments) -> dict[str, Any]:
    """Open a blocker, or close the one whose number was given; return `issues` and `report`."""
    operation, known = arguments["operation"], arguments["tracked"]["entries"]
    component, target = operation["component"], operation["target"]
    if not operation["issue"]:
        given = {key: operation[key] for key in ("type", "severity", "description", "criteria")} | {"target": target}
        for key, example in (("description", "'what is in the way'"), ("severity", "high"), ("type", "tests")):
            if not given[key]:
                raise Refusal(f"{key} is missing", _WANTED[key], _typed(operation, f"-e {key}={example}"))
        wanted = blockers.by_hand(operation, given)
        return _told([wanted], f"BLOCKED {component} → {target}, {given['severity']}: {given['description']}")
    one = _numbered(operation, known, BLOCKER)
    if not operation["reason"]:
        raise Refusal("reason is missing", "why it no longer blocks", _typed(operation, "-e reason='…'"))
    if not is_open(one):
        return _told([], f"UNCHANGED blocker #{one['number']} of {component} is closed", outcome="unchanged")
    return _told([blockers.closed(one, operation, operation["reason"])], f"CLOSED blocker #{one['number']}")


def incident(arguments: Arguments) -> dict[str, Any]:
    """Write the reports that are due, or change the incident whose number was given; return `issues` and `report`."""
    operation, known = arguments["operation"], arguments["tracked"]["entries"]
    if not operation["issue"]:
        wanted = happened(arguments)
        said = "; ".join(one["title"] for one in wanted) or f"no incident of {operation['component']} without a report"
        done = "REPORTED" if wanted else "UNCHANGED"
        return _told(wanted, f"{done} {said}", outcome="done" if wanted else "unchanged")
    one = _numbered(operation, known, INCIDENT)
    if not (operation["severity"] or operation["fix"] or operation["reason"]):
        raise Refusal(
            "there is nothing to change",
            "fix (what fixes it), severity, or reason (why it is closed)",
            _typed(operation, f"-e issue={operation['issue']} -e fix='…'"),
        )
    changed = incidents.edited(one, operation)
    return _told([changed], f"CHANGED incident #{one['number']} of {operation['component']} is {changed['state']}")


def happened(arguments: Arguments) -> list[Issue]:
    """Return the reports that an environment's ledger asks for, and the requests that are blocked by what happened."""
    operation, known = arguments["operation"], arguments["tracked"]["entries"]
    where = operation["target"] or operation["stage_wanted"]
    ledger = [one for one in arguments["ledger"] if one["environment"] == where]
    new = incidents.reports(
        operation,
        happenings.found(ledger, operation["component"]),
        known,
        arguments["changes"],
        [one for one in arguments["there"].get("found") or [] if "user-report" in one["labels"]],
    )
    return [*new, *_taken_back(operation, new, known)]


def _taken_back(operation: Mapping[str, Any], new: Sequence[Issue], known: Sequence[Mapping[str, Any]]) -> list[Issue]:
    """The open requests of artifacts that were taken back before their promotion was complete."""
    trees = {one["fields"]["tree"]: one for one in new}
    found = []
    for one in of(known, "promotion", operation["component"]):
        because = trees.get(one["fields"].get("tree"))
        if because and is_open(one) and one["fields"].get("status") != "blocked":
            why = because["title"].partition(": ")[2]
            asked = request.blocked(one["fields"]["request"], operation, why)
            found.append(promotion.restated(one, asked, because["key"], operation))
    return found


def _numbered(operation: Mapping[str, Any], known: Sequence[Mapping[str, Any]], kind: str) -> Mapping[str, Any]:
    own = [one for one in of(known, kind, operation["component"]) if one.get("key")]
    for one in own:
        if one["number"] == operation["issue"]:
            return one
    numbers = ", ".join(f"#{one['number']}" for one in own if is_open(one)) or "none"
    raise Refusal(
        f"{operation['component']} has no {kind} #{operation['issue']} in {operation['target']}",
        f"one of those that are open: {numbers}",
        "ansible-playbook status.yml",
    )


def _typed(operation: Mapping[str, Any], more: str) -> str:
    return f"-e component={operation['component']} -e target={operation['target']} {more}"


def _told(issues: list[Issue], headline: str, outcome: str = "done") -> dict[str, Any]:
    return {
        "issues": issues,
        "report": {"headline": headline, "outcome": outcome, "criteria": [], "rows": [], "next": []},
    }


_WANTED = {
    "description": "what is in the way, on one line",
    "severity": "critical, high (both block), medium or low (both are shown)",
    "type": "tests, documentation, performance, security, dependencies, integration or other",
}
