"""What the ledger says about a component's promotions, as MATURITY.md wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..maturity.write import Promotion
from ..refusal import Refusal
from . import dates

BEFORE = {"staging": "Development", "production": "Staging"}

Event = Mapping[str, Any]


def promotions_of(component: str, entries: Iterable[Event]) -> list[Event]:
    """The component's ``promoted`` events, oldest first."""
    own = [entry for entry in entries if entry["event"] == "promoted" and entry["component"] == component]
    return sorted(own, key=lambda entry: (entry["at"], entry["seq"]))


def standing_promotion(component: str, target: str, tree: str, entries: Sequence[Event]) -> Event:
    """The latest promotion of exactly this artifact to ``target``; ``Refusal`` when the ledger has none."""
    for event in reversed(promotions_of(component, entries)):
        if stage_of(event) == target and (event["artifact"] or {}).get("tree") == tree:
            return event
    raise Refusal(
        f"the ledger has no promotion of {component} ({tree[:12]}) to {target}",
        "an event `promoted`, which the deployment writes",
        f"ansible-playbook promote-{target}.yml -e component={component}",
    )


def presumed(operation: Mapping[str, Any], judgement: Mapping[str, Any]) -> Event:
    """The event that a promotion on this judgement would record now."""
    attested = {each["criterion"]: each.get("attested") for each in judgement["verdicts"] if each.get("attested")}
    return {
        "seq": 0,
        "at": operation["asked_at"],
        "event": "promoted",
        "environment": operation["stage_wanted"],
        "component": operation["component"],
        "artifact": operation["artifact"],
        "actor": operation["actor"],
        "reason": operation["reason"],
        "run": operation["run"],
        "data": {
            "stage": operation["stage_wanted"],
            "met": judgement["met"],
            "criteria": [
                {
                    "criterion": each["criterion"],
                    "verdict": each["verdict"],
                    "attested": attested.get(each["criterion"]),
                }
                for each in judgement["criteria"]
            ],
            "coverage": judgement.get("coverage"),
            "dirty": operation.get("dirty", []),
            "run": operation["run"],
            "evidence_root": (judgement.get("evidence") or {}).get("root_sha256"),
        },
    }


def stage_of(event: Event) -> str:
    """The stage that a ``promoted`` or ``genesis`` event lifts to."""
    return str((event["data"] or {}).get("stage") or event["environment"])


def promotion(event: Event, entries: Sequence[Event]) -> Promotion:
    """What MATURITY.md has to say after ``event``; ``entries`` know the promotions before it."""
    data: Mapping[str, Any] = event["data"] or {}
    criteria = [each for each in data.get("criteria") or [] if each["criterion"] != "deployability"]
    stage = stage_of(event)
    earlier = [each for each in promotions_of(event["component"], entries) if each["at"] < event["at"]]
    return Promotion(
        stage=stage.capitalize(),
        came_from=BEFORE[stage],
        date=dates.day(event["at"]),
        run=_run(event),
        criteria=tuple(each["criterion"] for each in criteria),
        passed={each["criterion"]: _word(each) for each in criteria if each["verdict"] == "pass"},
        met=str(data.get("met") or "0/0"),
        coverage=coverage_of(event),
        earliest_production=earliest(event),
        earlier=tuple((dates.day(each["at"]), stage_of(each).capitalize(), _run(each)) for each in earlier),
    )


def coverage_of(event: Event) -> float | None:
    """Unit test coverage in percent, None when the event does not say."""
    found = (event["data"] or {}).get("coverage")
    percent = found.get("unit") if isinstance(found, Mapping) else found
    return None if percent is None else float(percent)


def earliest(event: Event) -> str | None:
    """The first day in production, for an event that lifted a component to staging."""
    return dates.earliest_production(event["at"]) if stage_of(event) == "staging" else None


def _run(event: Event) -> str:
    return str((event["data"] or {}).get("run") or event["run"])


def _word(criterion: Mapping[str, Any]) -> tuple[str, str] | None:
    attested = criterion.get("attested")
    if not isinstance(attested, Mapping):
        return None
    return (" ".join(str(attested.get("by")).split()), dates.day(str(attested.get("at"))))
