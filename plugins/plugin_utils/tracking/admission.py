"""What stands in the way of a promotion before anything is judged: blockers opened by hand, incidents without a fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..refusal import Refusal
from . import blockers
from .issue import is_open

ASKED = ("critical", "high", "medium")
"""Incidents of these severities ask for a fix; those of low severity (turned away before anybody used it) are shown."""


def admitted(
    operation: Mapping[str, Any], tracked: Mapping[str, Any], ledger: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Return `[{incident, number, fix}]`, the incidents that this promotion says it fixes; raises `Refusal`.

    `tracked` as `known.tracked` returns it; its `problem` says why the issues could not be read: unknown is never a
    pass. A promotion to production has a gate for blockers, which can be waived.
    """
    if tracked["problem"]:
        raise Refusal(tracked["problem"], "what is tracked of the component, readable", "the file from a backup")
    component, stage, known = operation["component"], operation["stage_wanted"], tracked["entries"]
    if stage == "staging":
        for one in blockers.blocking(known, component, stage):
            raise Refusal(
                f"blocker #{one['number']} ({one['fields']['severity']}) of {component} is open: {_what(one)}",
                "no open blocker of critical or high severity",
                f"ansible-playbook blocker.yml -e component={component} -e issue={one['number']} -e reason='…'",
            )
    asking = [one for one in tracked["incidents"] if is_open(one) and one["fields"].get("severity") in ASKED]
    linked = {key: fix for one in asking if (key := one["key"]) and (fix := one["fields"].get("fix"))}
    for one in ledger:  # a promotion to staging has named the fix already
        if one["event"] == "promoted" and one["component"] == component:
            linked |= {each["incident"]: each["fix"] for each in (one.get("data") or {}).get("fixes") or []}
    without = [one for one in asking if one["key"] not in linked]
    if without and not operation.get("fix"):
        one = without[-1]
        raise Refusal(
            f"incident #{one['number']} ({one['fields']['severity']}) of {component} has no fix linked: {one['title']}",
            "the commit or the issue that fixes what happened",
            f"-e component={component} -e fix='…'",
        )
    return [
        {"incident": one["key"], "number": one["number"], "fix": operation.get("fix") or linked[one["key"]]}
        for one in asking
    ]


def _what(one: Mapping[str, Any]) -> str:
    return str(one["title"]).partition(": ")[2] or str(one["title"])
