"""What a deploy would change on a host, as the terminal shows it. Pure: the host's plan in, a report out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MOST = 30


def report(component: str, environment: str, host: str, plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a plan that the host program made (`foresight.plan`)."""
    old = f"{component} {plan['from']} → " if plan["from"] and plan["changed"] else ""
    step = f"{old}{plan['number']}" if old else f"{component} {plan['number']}"
    head = "PLAN deploy" if plan["changed"] else "UNCHANGED"
    return {
        "headline": f"{head} {step} on {environment} ({host})",
        "outcome": "done" if plan["changed"] else "unchanged",
        "criteria": [],
        "rows": rows(plan),
        "next": [],
    }


def rows(plan: Mapping[str, Any]) -> list[list[str]]:
    """Return label and text of all that would change, in the order in which a person asks."""
    found = [["image", _image(one)] for one in plan["images"]]
    found += [["environment", f"{name} {how}"] for how, names in sorted(plan["environment"].items()) for name in names]
    found += _some("compose", plan["compose"])
    found += _some("file", plan["files"])
    if plan["changed"]:
        found += [["strategy", plan["strategy"]], ["order", " → ".join(plan["order"])]]
        found += [["cannot be undone", text] for text in plan["lasting"]]
    found += [["in its way", text] for text in plan["problems"]]
    return found


def _image(one: Mapping[str, Any]) -> str:
    now, then = _short(one["now"]), _short(one["then"])
    if one["now"] == one["then"]:
        return f"{one['service']}: {now}, as it is"
    return f"{one['service']}: {f'{now} → ' if one['now'] else ''}{then}"


def _short(image: object) -> str:
    text = str(image or "")
    return text.removeprefix("sha256:")[:12] if text.startswith("sha256:") else text


def _some(label: str, texts: list[str]) -> list[list[str]]:
    more = [[label, f"and {len(texts) - _MOST} more"]] if len(texts) > _MOST else []
    return [[label, text] for text in texts[:_MOST]] + more
