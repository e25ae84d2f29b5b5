"""The production promotion plan: what is missing, how long it takes, and when production can be. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..gates import soak
from . import calendar, duration

SOAK = timedelta(days=7)
COLUMNS = ("what is missing", "what to do", "takes", "can be by")
# To mend what these found takes another artifact, whose 7 days in staging begin anew.
ANEW = ("integration-tests", "security-review", "performance", "load")
_LEDGER = ("performance", "load")  # measured by a run: only a number that is too bad needs other code

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing that is missing; `by` is when it can be done at the earliest, None where that is not known."""

    what: str
    do: str
    takes: str
    by: datetime | None


def steps(
    operation: Mapping[str, Any], verdicts: Sequence[Mapping[str, Any]], entries: Sequence[Entry], now: datetime
) -> list[Step]:
    """Return what is missing, a step for each gate that does not let through, the one that is done last at the end."""
    wanting = [one for one in verdicts if one["verdict"] != "pass" and not one.get("waiver")]
    own = [entry for entry in entries if entry.get("component") == operation["component"]]
    found = [_step(operation, verdict, own, now) for verdict in wanting]
    return sorted(found, key=lambda step: (step.by is None, step.by or now))


def earliest(
    steps_: Sequence[Step], known: Mapping[str, Any], entries: Sequence[Entry], now: datetime
) -> datetime | None:
    """Return the first moment at which all can be done and production is open; None where nobody knows."""
    ready = max([now, *(step.by for step in steps_ if step.by)])
    return calendar.opens(known, entries, ready)


def report(
    operation: Mapping[str, Any], verdicts: Sequence[Mapping[str, Any]], entries: Sequence[Entry], now: datetime
) -> dict[str, Any]:
    """Return what the terminal shows; `entries` are those of all ledgers."""
    component, target = operation["component"], operation["environments"]["production"]
    missing = steps(operation, verdicts, entries, now)
    when = earliest(missing, target["calendar"], entries, now)
    unknown = [step.what for step in missing if step.by is None]
    said = "not within 400 days: the calendar is closed" if when is None else _moment(when, now)
    passed = sum(one["verdict"] == "pass" for one in verdicts)
    waived = len(verdicts) - passed - len(missing)
    met = f"{passed} of {len(verdicts)} gates pass{f', {waived} are waived' if waived else ''}"
    rows = [
        ["artifact", f"commit {operation['artifact']['commit'][:12]}, tree {operation['artifact']['tree'][:12]}"],
        ["judged now", met],
        ["production", f"{said}{f', once {_listed(unknown)} is mended' if unknown else ''}"],
        *[["then", line] for line in _way(operation, target, entries)],
    ]
    table = {"columns": list(COLUMNS), "rows": [[one.what, one.do, one.takes, _by(one, now)] for one in missing]}
    return {
        "headline": f"PLAN {component} → production: {_headline(missing, when, now)}",
        "outcome": "done",
        "criteria": [],
        "table": table if missing else None,
        "rows": rows,
        "next": [f"ansible-playbook promote-production.yml -e component={component}"],
    }


def _step(operation: Mapping[str, Any], verdict: Mapping[str, Any], own: Sequence[Entry], now: datetime) -> Step:
    gate, component = str(verdict["gate"]), operation["component"]
    remedy = str(verdict.get("remedy") or "")
    if gate in ("days-in-staging", "uptime"):
        until = _soaked(operation, own, gate)
        return Step(gate, "wait, while staging is observed", _left(until, now), until)
    if gate == "rollback-rehearsed":
        takes = duration.last(own, "rehearsed", "recovery_seconds", "rehearsal")
        return Step(gate, f"ansible-playbook rollback-rehearsal.yml -e component={component}", takes, now)
    if verdict["criterion"] in _LEDGER and verdict["verdict"] == "inconclusive":
        takes = duration.last(own, "load-tested", "seconds", "load test")
        return Step(gate, f"ansible-playbook load-test.yml -e component={component}", takes, now)
    if gate == "approval":
        return Step(
            gate, f"ansible-playbook approve.yml -e component={component} -e reason='…'", "a person's word", now
        )
    if gate == "change-calendar":
        opens = calendar.opens(operation["environments"]["production"]["calendar"], own, now)
        return Step(gate, "wait until it opens, or declare a maintenance", _left(opens, now), opens)
    if verdict["criterion"] in ANEW and verdict["verdict"] == "fail":
        takes = f"the work, then {SOAK.days} days in staging with what comes of it"
        return Step(gate, remedy, takes, now + SOAK)
    return Step(gate, remedy, "the work", None)


def _soaked(operation: Mapping[str, Any], own: Sequence[Entry], gate: str) -> datetime | None:
    tree = str(operation["artifact"]["tree"])
    stay = soak.stay(own, "staging", tree).since
    if stay is None:
        return None
    whole = soak.time_of(stay) + SOAK
    seen = [one for one in own if one["event"] == "observed" and soak.tree_of(one) == tree] if gate == "uptime" else []
    said = str(((seen[-1].get("data") or {}) if seen else {}).get("earliest") or "")
    try:
        return max(whole, calendar.moment(said)) if said else whole
    except ValueError:
        return whole


def _way(operation: Mapping[str, Any], target: Mapping[str, Any], entries: Sequence[Entry]) -> list[str]:
    """Return what the promotion itself does, with how long each took the last time."""
    own = [entry for entry in entries if entry.get("component") == operation["component"]]
    watch = target["watch"]
    return [
        f"restore point: {duration.last(own, 'backed-up', 'seconds', 'backup')}",
        f"deploy of the same images: {duration.of_deploy(own)}",
        f"smoke tests, and the first {duration.words(watch['first'])} seen by the run",
        f"watched by the host for {watch['hours']:g} h",
    ]


def _headline(missing: Sequence[Step], when: datetime | None, now: datetime) -> str:
    if not missing:
        return "all holds" + (
            "" if when == now else f", {_moment(when, now)}" if when else ", but the calendar is closed"
        )
    return f"{len(missing)} missing, {_moment(when, now)}" if when else f"{len(missing)} missing"


def _moment(when: datetime, now: datetime) -> str:
    return "now" if when <= now else f"at the earliest on {when:%Y-%m-%d %H:%M} UTC"


def _left(until: datetime | None, now: datetime) -> str:
    return "not known" if until is None else duration.words(max(0.0, (until - now).total_seconds()))


def _by(step: Step, now: datetime) -> str:
    return "" if step.by is None else "now" if step.by <= now else f"{step.by:%Y-%m-%d %H:%M}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
