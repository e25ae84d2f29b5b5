"""The way back of a component in one environment: where it leads, what it does to users and data, or why it is closed.

Pure: decided from what `status` says of a host and from the ledger, before anything is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..module_utils.host import road
from . import barred, full_rollback
from .refusal import Refusal

Entry = Mapping[str, Any]
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class WayBack:
    """From release to release, both as `status` tells of them; `since` and `served` are when they began to serve.

    `warm`: the target still runs; `strategy` is how it goes; `seconds` until the traffic has moved, None when no
    rollback of that kind was ever measured; `barred` is the ledger's entry by which the target was taken back before.
    `point` is the restore point whose data return with it, None for a quick rollback.
    """

    origin: Facts
    goal: Facts
    since: str
    served: str
    warm: bool
    strategy: str
    seconds: float | None
    barred: Entry | None
    point: Facts | None = None


def find(operation: Mapping[str, Any], facts: Facts, entries: Sequence[Entry]) -> WayBack:
    """Return the way that `operation` asks for; raises `Refusal` with the reason and what to type instead.

    `facts` is what a host's `status` says of the component, `entries` are those of the environment's ledger.
    """
    component, where = operation["component"], operation["target"]
    own = [entry for entry in entries if entry["component"] == component]
    origin = facts.get("release")
    require_services(operation)
    if facts.get("problem"):
        raise Refusal(f"the releases of {component} on {where} cannot be read: {facts['problem']}")
    if not origin:
        raise Refusal(
            f"{component} was never deployed on {where}: there is nothing to return to",
            "a component that runs there",
            "ansible-playbook status.yml",
        )
    kept = {int(one["number"]): one for one in facts.get("releases") or []}
    goal = _goal(operation, facts, kept, own)
    full = operation.get("mode") == "full"
    command_of = command(operation, int(goal["number"]), "-e mode=full")
    point = full_rollback.point(operation, facts, goal, command_of) if full else None
    if not full:
        _require_quick(operation, kept[int(origin["number"])], goal)
    colours = facts.get("colours") or {}
    warm = not full and any((colours.get(one) or {}).get("release") == goal["number"] for one in ("blue", "green"))
    beside = warm or (facts.get("strategy") == "blue-green" and not full)
    strategy = "blue-green" if beside else "stop-first"
    return WayBack(
        origin=kept[int(origin["number"])],
        goal=goal,
        since=str(facts.get("since") or ""),
        served=_began(own, goal["number"]),
        warm=warm,
        strategy=strategy,
        seconds=full_rollback.expected(own) if full else expected(own, strategy, warm=warm),
        barred=barred.by(own, component, str(goal["tree"])),
        point=point,
    )


def require_services(operation: Mapping[str, Any]) -> None:
    """Refuse a component that another one ships: it has nothing of its own that runs."""
    entry, carrier = operation["entry"], operation["entry"].get("carried_by")
    if "services" in entry and not entry["services"]:
        raise Refusal(
            f"{operation['component']} has no services of its own",
            f"{carrier}, which carries it" if carrier else "a component that runs",
            f"-e component={carrier} -e target={operation['target']}" if carrier else "ansible-playbook status.yml",
        )


expected = road.expected


def command(operation: Mapping[str, Any], number: int = 0, *more: str) -> str:
    """Return the whole command for a rollback."""
    given = [f"-e component={operation['component']}", f"-e target={operation['target']}"]
    given += [f"-e release={number}"] if number else []
    return " ".join(["ansible-playbook rollback.yml", *given, *more])


def _goal(operation: Mapping[str, Any], facts: Facts, kept: Mapping[int, Facts], own: Sequence[Entry]) -> Facts:
    component, where, wanted = operation["component"], operation["target"], int(operation["release"] or 0)
    current = int(facts["release"]["number"])
    served = [number for number, one in kept.items() if one["outcome"] == "deployed" and number != current]
    choice = f"one of {', '.join(str(one) for one in served)}" if served else ""
    other = command(operation, facts.get("previous") or served[-1]) if served else ""
    deploy = f"ansible-playbook deploy.yml -e component={component} -e target={where} -e version=COMMIT"
    title = f"release {wanted} of {component}"
    if not wanted:
        if facts.get("previous"):
            return kept[int(facts["previous"])]
        raise Refusal(f"{component} has no release before {current} on {where}", choice, other or deploy)
    if wanted == current:
        raise Refusal(f"{title} is the current one of {where}", choice or "another release", other or deploy)
    if wanted not in kept:
        was = any(entry.get("release") == wanted for entry in own)
        what = "was pruned" if was else "is unknown"
        raise Refusal(f"{title} {what} on {where}", choice or "a kept release", other or deploy)
    if wanted not in served:
        raise Refusal(f"{title} never served on {where}", choice or "a release that served", other or deploy)
    return kept[wanted]


def _require_quick(operation: Mapping[str, Any], origin: Facts, goal: Facts) -> None:
    """Refuse what needs the data returned as well."""
    numbers = f"{origin['number']} and {goal['number']}"
    full = command(operation, int(goal["number"]), "-e mode=full")
    later = "mode=full, which returns the data too"
    if operation["entry"]["kind"] == "stateful" and _images(origin) != _images(goal):
        raise Refusal(
            f"{operation['component']} keeps data, and its releases {numbers} have different images", later, full
        )
    if origin.get("data_schema") != goal.get("data_schema"):
        found = f"{origin.get('data_schema')} and {goal.get('data_schema')}"
        raise Refusal(
            f"{operation['component']}'s releases {numbers} have different data schemas ({found})", later, full
        )


def _images(release: Facts) -> dict[str, Any]:
    return {service: (image or {}).get("id") for service, image in (release.get("images") or {}).items()}


def _began(own: Sequence[Entry], number: Any) -> str:
    served = [one for one in own if one["event"] in ("deployed", "returned") and one.get("release") == number]
    return str(served[-1]["at"]) if served else ""
