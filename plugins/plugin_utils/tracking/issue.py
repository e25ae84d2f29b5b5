"""An issue: the wanted state of one tracked thing, the same for every tracker. Sent twice, it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

PROMOTION, BLOCKER, INCIDENT, RETROSPECTIVE, STATUS = "promotion", "blocker", "incident", "retrospective", "status"
SEVERITIES = ("critical", "high", "medium", "low")
TYPES = ("tests", "documentation", "performance", "security", "dependencies", "integration", "other")

Issue = dict[str, Any]


def issue(kind: str, key: str, component: str | None, *, title: str, at: str, **more: Any) -> Issue:
    """Return the document: `{schema, kind, key, component, title, labels, body, state, due, comments, …, at}`.

    `more`: `labels` (names), `body` (Markdown in which text from elsewhere is harmless), `state` open or closed, `due`
    (YYYY-MM-DD), `comments` (`{marker, body}`; one with a known marker is edited in place), `milestone`, `board`,
    `links` (keys of other issues), `fields` (for programs), `files` (text by path, kept beside).
    """
    document: Issue = {
        "schema": 1,
        "kind": kind,
        "key": key,
        "component": component,
        "title": " ".join(title.split()),
        "labels": [],
        "body": "",
        "state": "open",
        "due": None,
        "comments": [],
        "milestone": None,
        "board": None,
        "links": [],
        "fields": {},
        "files": {},
        "at": at,
    }
    unknown = set(more) - set(document)
    if unknown:
        raise TypeError(f"an issue has no {', '.join(sorted(unknown))}")
    return document | more


def promotion_key(component: str, stage: str, tree: str) -> str:
    """Return what tells a promotion request: one artifact to one stage."""
    return f"{PROMOTION}/{component}/{stage}/{tree[:12]}"


def blocker_key(component: str, stage: str, name: str) -> str:
    """Return what tells a blocker: a gate's name, or the run that opened it by hand."""
    return f"{BLOCKER}/{component}/{stage}/{name}"


def incident_key(component: str, run: str) -> str:
    """Return what tells an incident: the run in which it happened."""
    return f"{INCIDENT}/{component}/{run}"


def kept(known: Mapping[str, Any], **changes: Any) -> Issue:
    """Return a known issue (as the tracker keeps it) as a wanted state, with changes."""
    empty = issue(str(known["kind"]), str(known["key"]), known["component"], title=str(known["title"]), at="")
    own = {key: known[key] for key in empty if key in known and key not in ("comments", "files")}
    return {**empty, **own, **changes}


def of(entries: Sequence[Mapping[str, Any]], kind: str, component: str | None = None) -> list[Mapping[str, Any]]:
    """Return the issues of a kind, of one component if it is named."""
    return [one for one in entries if one["kind"] == kind and component in (None, one["component"])]


def is_open(one: Mapping[str, Any]) -> bool:
    """Say whether an issue is open."""
    return str(one["state"]) == "open"
