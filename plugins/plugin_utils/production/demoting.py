"""A demotion by hand: from which stage to which, in which ledger, and what is taken away with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils.host.demotion.due import BELOW
from ..refusal import Refusal

ORDER = ("development", "staging", "production")

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Demotion:
    """`environment` keeps the ledger of the stage that is lost; `event` is for it, empty when the stage is `to` now.

    `removes`: what runs of it in staging is stopped and removed. `dependents` are the components that need it, with
    their stages, where those are higher than what it has then.
    """

    came_from: str
    to: str
    environment: str
    event: dict[str, Any]
    removes: bool
    dependents: tuple[str, ...]


def demotion(
    operation: Mapping[str, Any], stages: Mapping[str, str], entries: Iterable[Entry], runs_in_staging: bool
) -> Demotion:
    """Return the demotion that was asked for; the stage that was typed, else the one below.

    Raises `Refusal` for a component whose stage is unknown, is development already, or is not above the wanted one.
    """
    component, wanted = operation["component"], operation["stage_wanted"]
    own = [entry for entry in entries if entry["component"] == component]
    stage = stages.get(component, "unknown")
    if stage not in ORDER:
        raise Refusal(
            f"nobody knows at which stage {component} is: a ledger could not be read",
            "an answer of the hosts that keep the ledgers",
            "ansible-playbook status.yml",
        )
    if stage == (wanted or "development"):  # so it is again when a run was cut off between its two halves
        removes = stage == "development" and runs_in_staging and _was_demoted(own)
        if not removes and not _was_demoted(own):
            raise Refusal(f"{component} is at {stage} stage", "a component at a stage above it", "status.yml")
        return Demotion(stage, stage, "staging", {}, removes, ())
    if stage == "development" or (wanted and ORDER.index(wanted) > ORDER.index(stage)):
        raise Refusal(
            f"{component} is at {stage} stage, which is not above {wanted or 'anything'}",
            "a stage below the one that it has",
            f"ansible-playbook status.yml -e component={component}",
        )
    to = wanted or BELOW[stage]
    lost = [entry for entry in own if entry["event"] in ("promoted", "genesis") and entry["environment"] == stage]
    data = {"stage": to, "from": stage, "automatic": False, "issue": operation.get("issue")}
    event = {"event": "demoted", "artifact": lost[-1]["artifact"] if lost else None, "data": data}
    event["release"] = lost[-1].get("release") if lost else None
    return Demotion(stage, to, stage, event, to == "development" and runs_in_staging, _above(operation, stages, to))


def report(operation: Mapping[str, Any], found: Demotion, *, runs_in_production: bool) -> dict[str, Any]:
    """Return what the terminal shows."""
    component = operation["component"]
    step = f"{component} {found.came_from} → {found.to}"
    headline = f"DEMOTED {step}" if found.event else f"UNCHANGED {component} is at {found.to} stage"
    issue = operation.get("issue")
    rows = [
        ["why", operation["reason"]],
        *([["issue", f"#{issue}"]] if issue else []),
        *([["staging", "stopped and removed; its volumes and releases are kept"]] if found.removes else []),
        *([["production", "goes on serving as it is"]] if runs_in_production and found.to != "production" else []),
        *[["needs it", one] for one in found.dependents],
    ]
    return {
        "headline": headline,
        "outcome": "done" if found.event or found.removes else "unchanged",
        "criteria": [],
        "rows": rows,
        "next": ["ansible-playbook status.yml"],
    }


def _was_demoted(own: Iterable[Entry]) -> bool:
    said = [entry["event"] for entry in own if entry["event"] in ("promoted", "genesis", "demoted")]
    return bool(said) and said[-1] == "demoted"


def _above(operation: Mapping[str, Any], stages: Mapping[str, str], to: str) -> tuple[str, ...]:
    name = operation["component"]
    needing = [other for other, entry in operation["components"].items() if name in entry["depends"]]
    higher = [one for one in needing if stages.get(one) in ORDER and ORDER.index(stages[one]) > ORDER.index(to)]
    return tuple(f"{one}, which is at {stages[one]} stage" for one in higher)
