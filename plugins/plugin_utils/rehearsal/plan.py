"""What a rehearsal is to do: from which release to which and back, how, and what has to be brought back before.

Pure: decided from what `status` says of a host and from the ledger, before anything is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from .. import way_back
from ..gates import soak
from ..refusal import Refusal
from ..way_back import WayBack

Entry = Mapping[str, Any]
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Plan:
    """`away` leads to the release before, `back` again to the one that serves.

    `away` is None for a first release, which is taken away instead. `origin` is what serves, as `status` tells of it;
    `home` is the mark of a rehearsal that was left, whose release has to serve again first; `safety` the restore point
    with the data that it had then, empty where data were left alone.
    """

    mode: str
    origin: Facts
    away: WayBack | None
    back: WayBack
    home: Mapping[str, Any] | None
    safety: str = ""


def find(
    operation: Mapping[str, Any],
    facts: Facts,
    entries: Sequence[Entry],
    is_gone: Callable[[object], bool] = lambda _: False,
    now: datetime | None = None,
) -> Plan:
    """Return the plan, or raise `Refusal` with the reason and what to type instead.

    `facts` is what a host's `status` says of the component, `entries` are those of the environment's ledger;
    `is_gone` says of a process of this machine whether it has ended.
    """
    component, where = operation["component"], operation["target"]
    way_back.require_services(operation)
    if facts.get("problem"):
        raise Refusal(f"the releases of {component} on {where} cannot be read: {facts['problem']}")
    home = _home(operation, facts, is_gone, now or datetime.now(UTC))
    kept = {int(one["number"]): one for one in facts.get("releases") or []}
    current = int(home["from"]) if home else int((facts.get("release") or {}).get("number") or 0)
    if not current:
        promote = f"ansible-playbook promote-{where}.yml -e component={component}"
        raise Refusal(f"{component} does not run on {where}", "a component that was promoted there", promote)
    if current not in kept:
        raise Refusal(f"release {current} of {component} is not kept on {where} any more", "a kept release")
    origin = kept[current]
    goal = _goal(operation, facts, kept, current, home)
    mode = operation.get("mode_typed") or ("full" if operation["entry"]["kind"] == "stateful" and goal else "quick")
    # Both ways as they will be met: the one that serves is where its way back begins.
    there = {**facts, "release": {"number": current}, "previous": goal}
    asked = {**operation, "release": goal or 0, "mode": mode, "rehearses": True}
    away = way_back.find(asked, there, entries) if goal else None
    if home and away:
        away = replace(away, warm=False, seconds=None)
    return Plan(mode, origin, away, _back(operation, facts, entries, origin, away), home, _safety(home, entries))


def _safety(home: Mapping[str, Any] | None, entries: Sequence[Entry]) -> str:
    """Return the dump of what there was before a rehearsal that was left had put other data in its place."""
    own = [one for one in entries if home and (one.get("data") or {}).get("rehearsal") == home["run"]]
    restored = [one["data"] for one in own if one["event"] == "restored"]
    return str(restored[-1]["safety_point"]) if len(restored) == 1 else ""


def _home(
    operation: Mapping[str, Any], facts: Facts, is_gone: Callable[[object], bool], now: datetime
) -> Mapping[str, Any] | None:
    """Return the mark of an earlier rehearsal if its release does not serve; refuse while somebody rehearses."""
    mark: Mapping[str, Any] | None = facts.get("rehearsal")
    if not mark:
        return None
    alive = mark["state"] == "under-way" and now < soak.moment(str(mark["until"])) and not is_gone(mark.get("process"))
    component, where = operation["component"], operation["target"]
    if alive and mark["run"] != operation["run"]:
        why = f" ({mark['reason']})" if mark.get("reason") else ""
        raise Refusal(
            f"{mark.get('actor') or 'somebody'}{why} rehearses the way back of {component} on {where} since"
            f" {mark['at']}, run {mark['run']}, until {mark['until']} at most",
            "one rehearsal at a time",
            f"wait, or bring back what served: ansible-playbook rollback.yml -e component={component}"
            f" -e target={where} -e release={mark['from']}",
        )
    serves = (facts.get("release") or {}).get("number")
    return mark if serves != mark["from"] else None


def _goal(
    operation: Mapping[str, Any],
    facts: Facts,
    kept: Mapping[int, Facts],
    current: int,
    home: Mapping[str, Any] | None,
) -> int | None:
    """Return the release to go back to: the one asked for, the one before, or None where there never was one."""
    if operation["release"]:
        return int(operation["release"])
    before = home.get("to") if home else facts.get("previous")
    if before and int(before) in kept:
        return int(before)
    served = [number for number, one in kept.items() if one["outcome"] == "deployed" and number < current]
    return max(served, default=None)


def _back(
    operation: Mapping[str, Any], facts: Facts, entries: Sequence[Entry], origin: Facts, away: WayBack | None
) -> WayBack:
    own = [entry for entry in entries if entry["component"] == operation["component"]]
    if away is None:
        strategy = str(origin.get("strategy") or facts.get("strategy") or "stop-first")
        return WayBack(origin, origin, "", "", False, strategy, None, None)
    warm = away.strategy == "blue-green"
    seconds = away.seconds if away.point else way_back.expected(own, away.strategy, warm=warm)
    return replace(away, origin=away.goal, goal=origin, since="", served="", warm=warm, seconds=seconds, barred=None)
