"""What is tracked of a component, the tracker's own word included: a person may have closed an issue there. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import happened
from .issue import BLOCKER, INCIDENT, SEVERITIES, TYPES, incident_key, is_open

_OPEN = ("key", "number", "kind", "title", "environment")


def tracked(
    component: str,
    environment: str,
    entries: Sequence[Mapping[str, Any]],
    problem: str,
    elsewhere: Mapping[str, Sequence[Mapping[str, Any]]],
    there: Mapping[str, Any],
    ledger: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return `{asked, problem, entries, everywhere, incidents, open, due}`.

    `entries` are the issues of the environment, whole; `elsewhere` those of the other environments, as `status` tells
    them; `there` is what the tracker answered, `{found, known}`. `incidents` are those of all environments, `open` all
    that is open: `{key, number, kind, severity, target, title, by_hand, environment}`.
    `due` are the environments whose ledgers tell of incidents without a report.
    """
    own = [*_merged(entries, there), *_of_people(component, there)]
    others = [{**one, "environment": name} for name, found in elsewhere.items() for one in _merged(found, there)]
    own = [{**one, "environment": environment} for one in own]
    every = [one for one in [*own, *others] if one["component"] == component]
    return {
        "asked": True,
        "problem": problem,
        "entries": own,
        "everywhere": every,
        "incidents": [one for one in every if one["kind"] == INCIDENT],
        "open": [_short(one) for one in every if is_open(one) and one["kind"] in (BLOCKER, INCIDENT)],
        "due": _due(component, ledger, every),
    }


def _due(component: str, ledger: Sequence[Mapping[str, Any]], every: Sequence[Mapping[str, Any]]) -> list[str]:
    reported = {one["key"] for one in every if one["kind"] == INCIDENT}
    books = {str(one["environment"]): [each for each in ledger if each["environment"] == one["environment"]]
             for one in ledger}  # fmt: skip
    return [
        name
        for name, book in books.items()
        if any(incident_key(component, one["run"]) not in reported for one in happened.found(book, component))
    ]


def _merged(entries: Sequence[Mapping[str, Any]], there: Mapping[str, Any]) -> list[dict[str, Any]]:
    states = {one["key"]: one["state"] for one in there.get("found") or [] if one.get("key")}
    return [{**one, "state": states.get(one["key"], one["state"])} for one in entries]


def _of_people(component: str, there: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Blockers and incidents that a person opened in the tracker; without a severity they count as high."""
    found = []
    for one in there.get("found") or []:
        labels = one["labels"]
        kind = BLOCKER if any(name.startswith("blocker:") for name in labels) else INCIDENT
        if one.get("key") or (kind == INCIDENT and "incident" not in labels):
            continue
        fields = {
            "by_hand": True,
            "gate": None,
            "severity": _label(labels, "severity:", SEVERITIES) or "high",
            "target": _label(labels, "target:", ("staging", "production")),
            "type": _label(labels, "blocker:", TYPES) or "other",
        }
        more = {"key": None, "kind": kind, "component": component, "fields": fields}
        found.append({**{key: one[key] for key in ("number", "title", "state", "labels")}, **more})
    return found


def _label(labels: Sequence[str], prefix: str, known: Sequence[str]) -> str | None:
    found = [name.removeprefix(prefix) for name in labels if name.startswith(prefix)]
    return next((name for name in known if name in found), None)


def _short(one: Mapping[str, Any]) -> dict[str, Any]:
    fields = one.get("fields") or {}
    more = {key: fields.get(key) for key in ("severity", "target", "by_hand", "fix")}
    return {**{key: one.get(key) for key in _OPEN}, **more}
