"""An issue as a person reads it: one line, a page, and what ``status`` says of it."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Tuple

_SUMMARY = ("number", "key", "kind", "component", "title", "labels", "state", "due", "opened", "updated", "closed")
_FIELDS = ("severity", "type", "target", "gate", "status", "fix", "by_hand", "tree", "run")


def summary(issue: Mapping[str, Any]) -> Dict[str, Any]:
    """Return the issue without its text."""
    fields = issue.get("fields") or {}
    told = {key: fields[key] for key in _FIELDS if key in fields}
    return {**{key: issue.get(key) for key in _SUMMARY}, "fields": told}


def line(environment: str, issue: Mapping[str, Any]) -> str:
    """Return the issue in one line of a list."""
    due = f"  due {issue['due']}" if issue.get("due") and issue["state"] == "open" else ""
    return f"{environment:10} #{issue['number']:<4} {issue['state']:6}  {issue['title']}{due}"


def markdown(issue: Mapping[str, Any], titles: Mapping[str, Tuple[int, str]]) -> str:
    """Return the issue as a page; ``titles`` has number and title of all issues, by key, for its links."""
    labels = ", ".join(f"`{name}`" for name in issue["labels"])
    lines: List[str] = [f"# {issue['title']} (#{issue['number']})", "", f"- **State**: {issue['state']}"]
    lines += [f"- **Labels**: {labels}"] if labels else []
    lines += [f"- **Opened**: {issue['opened']}"]
    lines += [f"- **Closed**: {issue['closed']}"] if issue.get("closed") else []
    lines += [f"- **Due**: {issue['due']}"] if issue.get("due") else []
    milestone = issue.get("milestone")
    lines += [f"- **Milestone**: {milestone['title']}, due {milestone['due']}"] if milestone else []
    related = [titles[key] for key in issue.get("links") or [] if key in titles]
    lines += [f"- **Related**: {', '.join(f'#{number}' for number, _ in related)}"] if related else []
    board = (issue.get("board") or {}).get("fields") or {}
    lines += [f"- **{name}**: {value}" for name, value in board.items() if value is not None]
    lines += ["", str(issue.get("body") or "").strip()]
    for comment in issue.get("comments") or []:
        lines += ["", "---", "", f"*{comment['at']}*", "", str(comment["body"]).strip()]
    return "\n".join(lines) + "\n"
