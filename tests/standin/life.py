"""The full life of carbon: requested, refused, blocked, fixed, in staging, approved, in production, and back."""

from __future__ import annotations

import copy
from typing import Any

from .bench import document
from .server import Standin

REQUEST, PRODUCTION = "promotion/carbon/staging/0123456789ab", "promotion/carbon/production/0123456789ab"
BLOCKERS = ("blocker/carbon/staging/lint", "blocker/carbon/staging/unit-coverage")
INCIDENT = "incident/carbon/20261201T084501Z-1a2b3c"
MILESTONE = {"title": "Carbon → Production Promotion", "due": "2026-11-27", "description": "7 days", "state": "open"}


def life() -> list[list[dict[str, Any]]]:
    """One list of documents a run."""
    blocked = [_blocker(key, "open") for key in BLOCKERS]
    return [
        [_request("staging", "blocked", "5/7"), *blocked, _status("development")],
        [_request("staging", "blocked", "6/7"), _blocker(BLOCKERS[0], "closed")],
        [_request("staging", "in-review", "7/7"), _blocker(BLOCKERS[1], "closed")],
        [_request("staging", "completed", "7/7"), _status("staging")],
        [_request("production", "approved", "8/8")],
        [_request("production", "completed", "8/8"), _status("production")],
        [_incident("open"), _status("staging")],
        [_incident("closed"), _status("development")],
    ]


def _request(target: str, status: str, met: str) -> dict[str, Any]:
    closed = status == "completed"
    return document(
        key=REQUEST if target == "staging" else PRODUCTION,
        title=f"[PROMOTION] carbon: {'development' if target == 'staging' else 'staging'} → {target}",
        labels=["component:carbon", f"target:{target}", f"promotion:{status}"],
        body=f"{met} criteria met",
        state="closed" if closed else "open",
        comments=[{"marker": "validation", "body": f"{met} criteria met"}],
        milestone=MILESTONE if closed or target == "production" else None,
        board={
            "column": target if closed else "Development",
            "fields": {"Current Stage": target if closed else "development", "Promotion Blocker Count": 0},
        },
        links=list(BLOCKERS) if target == "staging" else [REQUEST],
    )


def _blocker(key: str, state: str) -> dict[str, Any]:
    gate = key.rpartition("/")[2]
    labels = ["component:carbon", "target:staging", "blocker:tests", "severity:high"]
    title = f"[BLOCKER] carbon: {gate}"
    return document(kind="blocker", key=key, title=title, labels=labels, body=gate, state=state, links=[REQUEST])


def _incident(state: str) -> dict[str, Any]:
    labels = ["component:carbon", "incident", "severity:critical"]
    comments = [{"marker": "resolved", "body": "fixed"}] if state == "closed" else []
    return document(
        kind="incident", key=INCIDENT, title="[INCIDENT] carbon", labels=labels, state=state, comments=comments
    )


def _status(stage: str) -> dict[str, Any]:
    comments = [{"marker": "carbon", "body": f"carbon is in {stage}"}]
    title = "Component Status Report"
    return document(kind="status", key="status/components", title=title, labels=["component-status"], comments=comments)


def remembered(standin: Standin) -> dict[str, Any]:
    """All that a person would see at GitHub, in the order in which it was made."""
    store, projects = standin.store, standin.projects
    found = {
        "issues": {
            number: {key: each[key] for key in ("title", "body", "state")}
            | {"labels": [one["name"] for one in each["labels"]], "milestone": (each["milestone"] or {}).get("title")}
            for number, each in store.issues.items()
        },
        "comments": [(of, each["body"]) for of, each in store.comments.values()],
        "labels": list(store.labels),
        "milestones": [(each["title"], each["due_on"], each["state"]) for each in store.milestones.values()],
        "fields": [each["name"] for each in projects.fields],
        "cards": {node: projects.card(node) for node in projects.items},
        "archived": sorted(projects.archived),
    }
    return copy.deepcopy(found)
