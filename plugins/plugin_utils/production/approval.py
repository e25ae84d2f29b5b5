"""Approvals: who may give one (`environment_approval`), and what keeps the one in the ledger from counting.

An approval is the event `approved` in production's ledger, `data: {stage, by, note}`, of exactly one artifact. Who it
was is what git on the operator's machine says: a name to be held to, no proof of identity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from ..gates import soak
from ..refusal import Refusal
from ..shapes import known_keys

DEFAULTS: dict[str, Any] = {"people": [], "by_another": False, "days": 14}
_VOIDS = ("returned", "removed", "demoted")

Entry = Mapping[str, Any]


def checked(raw: Any, where: str) -> dict[str, Any]:
    """Return `{people, by_another, days}`: who may (empty: anybody), whether not who promotes, how long it counts."""
    if not isinstance(raw, Mapping):
        raise Refusal(f"{where} is {type(raw).__name__}", f"a mapping with {', '.join(DEFAULTS)}")
    known_keys(raw, DEFAULTS, where)
    found = {**DEFAULTS, **{key: value for key, value in raw.items() if value is not None}}
    people, days = found["people"], found["days"]
    if not isinstance(people, list) or not all(isinstance(one, str) and one.strip() for one in people):
        raise Refusal(f"{where}.people is {people!r}", "a list of names or addresses, as git has them")
    if not isinstance(found["by_another"], bool):
        raise Refusal(f"{where}.by_another is {found['by_another']!r}", "true or false")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 365:
        raise Refusal(f"{where}.days is {days!r}", "a number of days from 1 to 365")
    return found


def may(settings: Mapping[str, Any], actor: str) -> bool:
    """Say whether `actor` (name and address) may approve."""
    people = settings.get("people") or []
    return not people or any(one == actor or one in (_name(actor), _address(actor)) for one in people)


def newest(entries: Iterable[Entry], component: str, tree: str) -> Entry | None:
    """Return the newest approval of exactly this artifact."""
    own = [entry for entry in entries if entry.get("component") == component and entry.get("event") == "approved"]
    fitting = [entry for entry in own if entry.get("environment") == "production" and soak.tree_of(entry) == tree]
    return fitting[-1] if fitting else None


def missing(
    entries: Iterable[Entry], artifact: Mapping[str, Any], settings: Mapping[str, Any], actor: str, now: datetime
) -> list[str]:
    """Return why exactly this artifact is not approved, a sentence a cause; empty when it is.

    `artifact` {component, tree}; `entries` are those of all ledgers. What was taken back or demoted since has to be
    approved anew.
    """
    known = list(entries)
    component, tree = str(artifact["component"]), str(artifact["tree"])
    given = newest(known, component, tree)
    if given is None:
        return [f"nobody has approved exactly this artifact of {component} ({tree[:12]}) for production"]
    by = str((given.get("data") or {}).get("by") or given.get("actor") or "")
    said = f"the approval by {by} of {given['at']}"
    at = soak.time_of(given)
    after = [
        entry
        for entry in known
        if entry.get("component") == component and entry.get("event") in _VOIDS and soak.time_of(entry) > at
        if not (entry.get("data") or {}).get("rehearsal")
    ]
    found = []
    if soak.days_between(at, now) > settings["days"]:
        found.append(f"{said} is older than {settings['days']} days")
    if after:
        found.append(f"{said} was before {component} was {after[-1]['event']} in {after[-1]['environment']}")
    if not may(settings, by):
        found.append(f"{said} does not count: those who may are {', '.join(settings['people'])}")
    if settings["by_another"] and by == actor:
        found.append(f"{said} does not count: who promotes must not be who approves")
    return found


def event(operation: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the ledger is to write when the operator approves; raises `Refusal` for who may not."""
    actor = str(operation["actor"])
    if not may(settings, actor):
        raise Refusal(
            f"{actor} may not approve for production",
            f"one of {', '.join(settings['people'])} (environment_approval of production)",
            "the same command, by one of them",
        )
    data = {"stage": operation["stage_wanted"], "by": actor, "note": operation["reason"]}
    return {"event": "approved", "artifact": operation["artifact"], "data": data}


def _name(actor: str) -> str:
    return actor.partition("<")[0].strip()


def _address(actor: str) -> str:
    return actor.partition("<")[2].rstrip("> ").strip()
