"""GitHub's things as its API shows them, with every field that its description requires."""

from __future__ import annotations

from typing import Any

API = "https://api.github.com"
HTML = "https://github.com"
AT = "2026-11-20T08:45:01Z"


def user(login: str, kind: str = "User") -> dict[str, Any]:
    own = f"{API}/users/{login}"
    parts = ("followers", "following", "gists", "starred", "subscriptions", "repos", "events", "received_events")
    return {
        "login": login,
        "id": sum(map(ord, login)),
        "node_id": f"U_{login}",
        "avatar_url": f"{HTML}/{login}.png",
        "gravatar_id": "",
        "url": own,
        "html_url": f"{HTML}/{login}",
        "organizations_url": f"{own}/orgs",
        **{f"{part}_url": f"{own}/{part}" for part in parts},
        "type": kind,
        "site_admin": False,
    }


def label(repository: str, number: int, name: str, color: str, description: str | None) -> dict[str, Any]:
    return {
        "id": number,
        "node_id": f"LA_{number}",
        "url": f"{API}/repos/{repository}/labels/{number}",
        "name": name,
        "color": color,
        "description": description,
        "default": False,
    }


def milestone(repository: str, number: int, content: dict[str, Any], creator: str) -> dict[str, Any]:
    own = f"{API}/repos/{repository}/milestones/{number}"
    return {
        "url": own,
        "html_url": f"{HTML}/{repository}/milestone/{number}",
        "labels_url": f"{own}/labels",
        "id": 1000 + number,
        "node_id": f"MI_{number}",
        "number": number,
        "title": content["title"],
        "description": content.get("description"),
        "creator": user(creator),
        "open_issues": 0,
        "closed_issues": 0,
        "state": content.get("state", "open"),
        "created_at": AT,
        "updated_at": AT,
        "due_on": content.get("due_on"),
        "closed_at": None,
    }


def issue(repository: str, number: int, by: str, association: str) -> dict[str, Any]:
    own = f"{API}/repos/{repository}/issues/{number}"
    return {
        "url": own,
        "repository_url": f"{API}/repos/{repository}",
        "labels_url": f"{own}/labels{{/name}}",
        "comments_url": f"{own}/comments",
        "events_url": f"{own}/events",
        "html_url": f"{HTML}/{repository}/issues/{number}",
        "id": 10_000 + number,
        "node_id": f"I_{number}",
        "number": number,
        "title": "",
        "user": user(by),
        "labels": [],
        "state": "open",
        "state_reason": None,
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": 0,
        "created_at": AT,
        "updated_at": AT,
        "closed_at": None,
        "author_association": association,
        "active_lock_reason": None,
        "body": None,
    }


def comment(repository: str, issue_number: int, number: int, by: str, association: str, body: str) -> dict[str, Any]:
    return {
        "url": f"{API}/repos/{repository}/issues/comments/{number}",
        "html_url": f"{HTML}/{repository}/issues/{issue_number}#issuecomment-{number}",
        "issue_url": f"{API}/repos/{repository}/issues/{issue_number}",
        "id": number,
        "node_id": f"IC_{number}",
        "user": user(by),
        "created_at": AT,
        "updated_at": AT,
        "author_association": association,
        "body": body,
    }
