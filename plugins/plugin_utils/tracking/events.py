"""What the ledger says about a component's promotions, as MATURITY.md wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..maturity.write import Promotion
from ..refusal import Refusal
from . import dates, measured
from .markdown import prose

UNCOUNTED = ("deployability", "readiness")
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
                    **_waivers(each),
                }
                for each in judgement["criteria"]
            ],
            "coverage": judgement.get("coverage"),
            "measured": measured.of_verdicts(judgement["verdicts"]),
            "fixes": operation.get("fixes") or [],
            "dirty": operation.get("dirty", []),
            "run": operation["run"],
            "evidence_root": (judgement.get("evidence") or {}).get("root_sha256"),
        },
    }


def proven(component: str, entries: Iterable[Event]) -> dict[str, frozenset[str]]:
    """Return, by stage as MATURITY.md has it, the criteria that the latest promotion to it has shown."""
    return {
        stage_of(one).capitalize(): frozenset(
            each["criterion"] for each in (one["data"] or {}).get("criteria") or [] if each["verdict"] == "pass"
        )
        for one in promotions_of(component, entries)
    }


def message(event: Event, numbers: Mapping[str, int]) -> str:
    """Return the message with which the pages of a promotion are committed: it names the evidence."""
    run = _run(event)
    request = [f"Request: #{numbers[run]}"] if run in numbers else []
    root = (event["data"] or {}).get("evidence_root") or "none"
    lines = [f"Promote {event['component']} to {stage_of(event)}", "", f"Evidence: run {run}, root {root}", *request]
    return "\n".join(lines) + "\n"


def stage_of(event: Event) -> str:
    """The stage that a ``promoted`` or ``genesis`` event lifts to."""
    return str((event["data"] or {}).get("stage") or event["environment"])


def promotion(
    event: Event,
    entries: Sequence[Event],
    today: str,
    *,
    numbers: Mapping[str, int] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Promotion:
    """What MATURITY.md has to say after ``event``; ``entries`` know the promotions before it.

    Waivers that have ended before ``today`` (YYYY-MM-DD) are left out. ``numbers`` and ``facts``: ``maturity_facts``.
    """
    data: Mapping[str, Any] = event["data"] or {}
    criteria = [each for each in data.get("criteria") or [] if each["criterion"] not in UNCOUNTED]
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
        waived={each["criterion"]: found for each in criteria if (found := _in_force(each, today))},
        earlier=tuple((dates.day(each["at"]), stage_of(each).capitalize(), _run(each)) for each in earlier),
        numbers=numbers or {},
        facts=facts,
    )


def coverage_of(event: Event) -> float | None:
    """Coverage in percent by the tests that the stage asks for, None when the event does not say."""
    found = (event["data"] or {}).get("coverage")
    kind = "integration" if stage_of(event) == "production" else "unit"
    percent = found.get(kind) if isinstance(found, Mapping) else found
    return None if percent is None else float(percent)


def earliest(event: Event) -> str | None:
    """The first day in production, for an event that lifted a component to staging."""
    return dates.earliest_production(event["at"]) if stage_of(event) == "staging" else None


def _waivers(criterion: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The waivers that let a criterion through, under the event's key `waivers`; empty where there are none."""
    found = [
        {"gate": gate["gate"], **gate["waiver"]}
        for gate in criterion.get("gates") or []
        if gate.get("waiver") and gate["verdict"] != "pass"
    ]
    return {"waivers": found} if found else {}


def _in_force(criterion: Mapping[str, Any], today: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (each["until"], _harmless(each["owner"]), _harmless(each["reason"]))
        for each in criterion.get("waivers") or []
        if each["until"] >= today
    )


def _harmless(text: str) -> str:
    """A person's words on one line of Markdown; an escaped `<!--` would still begin a comment for simple readers."""
    return prose(text).replace("\\<", "&lt;")


def _run(event: Event) -> str:
    return str((event["data"] or {}).get("run") or event["run"])


def _word(criterion: Mapping[str, Any]) -> tuple[str, str] | None:
    attested = criterion.get("attested")
    if not isinstance(attested, Mapping):
        return None
    return (" ".join(str(attested.get("by")).split()), dates.day(str(attested.get("at"))))
