"""What a full rollback takes besides the release: its restore point, and a word for what is lost by it. Pure."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..module_utils.host import road
from ..module_utils.host.backup import durations
from . import restores
from .refusal import Refusal

Facts = Mapping[str, Any]
_MEASURED = 5


def point(operation: Mapping[str, Any], facts: Facts, goal: Facts, command: str, now: float | None = None) -> Facts:
    """Return the restore point for the release `goal`, with `lost_seconds`; raises `Refusal`.

    `facts` is what `status` says of the component, its `backups` among it; `command` is the whole command without the
    point and the word for the loss. In a rehearsal (`operation.rehearses`) nothing is lost: the safety dump comes back.
    """
    component, where, release = operation["component"], operation["target"], goal["number"]
    hosts = operation["environments"][where]["hosts"]
    if len(hosts) > 1:
        raise Refusal(
            f"{where} has {len(hosts)} hosts, and a full rollback is made on one: their data would not fit together",
            "the release with its data on each host, one after the other, while nothing else changes",
            f"sudo tta-ops rollback {component} --release {release} --mode full, on {hosts[0]} first",
        )
    known = list(facts.get("backups") or [])
    found = _wanted(operation, known) if operation.get("point") else _newest(known, goal)
    if found is None:
        what = operation.get("point") or f"verified restore point with the data of release {release}"
        there = ", ".join(str(one["id"]) for one in known[-_MEASURED:]) or "none"
        raise Refusal(
            f"{component} on {where} has no {what}"
            if not operation.get("point")
            else f"there is no restore point {what}",
            f"one of {there}" if known else "a restore point made under that release",
            f"sudo tta-ops points {component} --environment {where}",
        )
    lost = max(0.0, (time.time() if now is None else now) - durations.moment(str(found["at"])))
    if not operation.get("rehearses") and not operation.get("shows"):
        _require_accepted(operation, found, command, time.time() if now is None else now)
    return {**found, "lost_seconds": round(lost)}


def words(operation: Mapping[str, Any]) -> list[str]:
    """Return the options of the host program for an operation's mode; none for a quick one."""
    if operation.get("mode") != "full":
        return []
    told = {"--point": operation.get("point"), "--accept-loss": operation.get("accept_loss")}
    return ["--mode", "full", *(word for option, value in told.items() if value for word in (option, str(value)))]


def expected(entries: Iterable[Facts]) -> float | None:
    """Return the median seconds of the latest full rollbacks, or None when none was measured."""
    own = [entry for entry in entries if (entry.get("data") or {}).get("mode") == "full"]
    plain = [{**entry, "data": {**entry["data"], "mode": None}} for entry in own]
    return road.expected(plain, "stop-first", warm=False)


def row(found: Facts) -> str:
    """Return what is said of the data before they return."""
    return (
        f"return to {found['id']}, made on {found['at']} under release {found['release']}: what was written since, "
        f"{durations.text(found['lost_seconds'])}, is lost from there (it stays in the safety dump, made before)"
    )


def _wanted(operation: Mapping[str, Any], known: Sequence[Facts]) -> Facts | None:
    return next((one for one in known if one["id"] == operation["point"]), None)


def _newest(known: Sequence[Facts], goal: Facts) -> Facts | None:
    """Return the newest verified point of that release, else of its schema; the host looks at the images as well."""
    verified = [one for one in known if one.get("verified_at") and one.get("kind") != "safety"]
    own = [one for one in verified if one.get("release") == goal["number"]]
    like = [one for one in verified if one.get("data_schema") == goal.get("data_schema")]
    return next(reversed([*like, *own]), None)


def _require_accepted(operation: Mapping[str, Any], found: Facts, command: str, now: float) -> None:
    whole = {**found, "component": operation["component"], "environment": operation["target"]}
    try:
        restores.accepted(whole, operation.get("accept_loss"), now)
    except Refusal as refusal:
        given = refusal.next_step.rpartition("-e accept_loss=")[2]
        raise Refusal(
            refusal.found, refusal.wanted, f"{command} -e point={found['id']} -e accept_loss={given}"
        ) from None
