"""What is said: one message for all, and how each kind of receiver gets it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TOKENS = (
    *("component", "environment", "event", "outcome", "message", "release", "commit"),
    *("actor", "reason", "run", "at", "when"),
)
TEMPLATE = "{component} on {environment}: {message}"
LONGEST = 2900
"""Characters of a text; Slack takes 3,000 in a section."""
_TOKEN = re.compile(r"\{([A-Za-z_]+)\}")
_SIGNS = {"on_failure": ":x:", "incident": ":rotating_light:", "announced": ":mega:"}


def message(operation: Mapping[str, Any], event: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a webhook or a command gets (schema 1); `id` tells one that came twice."""
    release = result.get("release") or {}
    artifact = release.get("artifact") or operation.get("artifact") or {}
    said = str(result.get("msg") or "")
    return {
        "schema": 1,
        "id": f"{operation['run']}/{event}/{operation['component']}",
        "text": f"{operation['component']} on {operation['target']}: {said or event}",
        "event": event,
        "component": operation["component"],
        "environment": operation["target"],
        "release": {"number": release.get("number"), "commit": artifact.get("commit"), "tree": artifact.get("tree")},
        "serves": result.get("current"),
        "outcome": result.get("outcome"),
        "message": said,
        "receipt": result.get("receipt"),
        "actor": operation["actor"],
        "reason": operation["reason"],
        "run": operation["run"],
        "at": result.get("at"),
        "when": result.get("when"),
    }


def unknown(template: str) -> str:
    """Return the first token in a template that there is not, empty when all are known."""
    return next((name for name in _TOKEN.findall(template) if name not in TOKENS), "")


def text(template: str, told: Mapping[str, Any]) -> str:
    """Return a template with its tokens filled in; what is filled in is never read as a template."""
    release = told["release"]
    known = {**told, "release": release["number"], "commit": str(release["commit"] or "")[:12]}
    known["message"] = told["message"] or told["event"]

    def value(match: re.Match[str]) -> str:
        found = known.get(match[1])
        return "" if found is None else str(found)

    filled = _TOKEN.sub(value, template)
    return filled if len(filled) <= LONGEST else f"{filled[: LONGEST - 1]}…"


def slack(template: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message as Slack and those that speak like it take it; it mentions nobody."""
    said = _harmless(text(template, told))
    sign = _SIGNS.get(str(told["event"]), ":white_check_mark:")
    who = _harmless(f"run {told['run']} by {told['actor']}{': ' + told['reason'] if told['reason'] else ''}")
    return {
        "text": f"{sign} {said}",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"{sign} {said}"}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": who}]},
        ],
    }


def _harmless(said: str) -> str:
    return said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
