"""Starting and stopping an observation, declaring maintenance, entering a report: what a person asks for."""

from __future__ import annotations

import argparse
import secrets
import time
from typing import Any, Dict, Iterable

from .. import times
from ..errors import HostError, UsageError
from ..processes import Runner
from ..schedule import jobs, mechanism
from ..schedule.jobs import Job
from ..state import State
from . import expectation, observed, report, sentence, windows

COOL = Job("cool", ("drain",), every_s=300, timeout_s=120)
TICK = Job("observe", ("observe", "--do", "sample"), every_s=60, timeout_s=55)
DAILY = Job("observe-daily", ("observe", "--do", "daily"), at="00:10", timeout_s=3600)
_SETTINGS = ("ranges", "allow", "readings", "tests")


def start(state: State, who: Dict[str, str], given: Dict[str, Any], run: Runner) -> Dict[str, Any]:
    """Observe a component from now on; `given` is `{expect, settings}`. What is observed already goes on as it was."""
    environment, component = who["environment"], who["component"]
    if state.store(environment, component).current() is None:
        raise UsageError(f"{component} is not deployed on {environment}: there is nothing to observe yet")
    settings = given.get("settings") or {}
    unknown = sorted(set(settings) - set(_SETTINGS))
    if unknown:
        raise UsageError(f"observation has no {', '.join(unknown)}: known are {', '.join(_SETTINGS)}")
    try:
        expectation.check(given.get("expect"))
    except expectation.NotUnderstood as error:
        raise UsageError(
            f"health.expect cannot be judged on the host: {error}; use paths, literals, == and &&"
        ) from error
    before = observed.read(state, environment, component)
    goes_on = before is not None and not before.get("stopped")
    record = {
        "schema": 1,
        "component": component,
        "environment": environment,
        "started": before["started"] if before and goes_on else times.now(),
        "stopped": None,
        **{key: before[key] if before and goes_on else who[key] for key in ("actor", "run", "reason")},
        "expect": given.get("expect"),
        "settings": settings,
    }
    changed = observed.write(state, record)
    changed = schedule(state, run) or changed
    said = "is observed already" if goes_on else "is observed from now on"
    return {"changed": changed, "failed": False, "message": f"{component} on {environment} {said}", "record": record}


def stop(state: State, who: Dict[str, str], run: Runner) -> Dict[str, Any]:
    """Observe a component no longer; what was seen is kept."""
    environment, component = who["environment"], who["component"]
    record = observed.required(state, environment, component)
    changed = not record.get("stopped")
    if changed:
        observed.write(state, {**record, "stopped": times.now()})
        schedule(state, run)
    said = "is observed no longer; what was seen is kept" if changed else "was not observed any more"
    return {"changed": changed, "failed": False, "message": f"{component} on {environment} {said}"}


def schedule(state: State, run: Runner) -> bool:
    """Have the recorder run as long as there is anything to observe; say whether that changed anything."""
    if observed.active(state):
        changed = jobs.put(state.root, [TICK, DAILY, COOL])
    else:
        changed = jobs.remove(state.root, [TICK.name, DAILY.name, COOL.name])
    return mechanism.apply(state.root, jobs.read(state.root), run) or changed


def declare(state: State, who: Dict[str, str], begin: str, end: str, now: float) -> Dict[str, Any]:
    """Declare a window of maintenance; it has to lie ahead, and be short enough."""
    ledger = state.ledger(who["environment"])
    entries = [one for one in ledger.checked().entries if one["component"] == who["component"]]
    if not who["reason"]:
        raise UsageError("maintenance needs a reason: --reason 'new disks'")
    window = windows.checked(begin, end, now, entries)
    same = [one for one in entries if one["event"] == "maintenance" and _is(one, window)]
    data = {**window, "reason": who["reason"]}
    new = not same and _entered(state, who, "maintenance", None, None, data)
    message = (
        f"{who['component']} on {who['environment']} has maintenance from {window['from']} until {window['until']}"
    )
    return {"changed": new, "failed": False, "message": message, **data}


def _is(entry: Dict[str, Any], window: Dict[str, str]) -> bool:
    data = entry["data"] or {}
    return all(data.get(key) == value for key, value in window.items())


def told(state: State, record: Dict[str, Any], now: float) -> Dict[str, Any]:
    """Return the report of what is observed, with its sentence."""
    found = report.report(state, record, now)
    return {**found, "headline": sentence.headline(found)}


def enter(state: State, who: Dict[str, str], found: Dict[str, Any]) -> bool:
    """Write a report into the ledger, unless there is nothing in it yet; say whether it is new."""
    if not found.get("slots"):
        return False
    return _entered(state, who, "observed", found["release"], found["artifact"], report.event(found))


def _entered(state: State, who: Dict[str, str], event: str, release: Any, artifact: Any, data: Dict[str, Any]) -> bool:
    facts = {key: who[key] for key in ("component", "actor", "reason", "run")}
    ledger = state.ledger(who["environment"])
    return ledger.append(event, release=release, artifact=artifact, data=data, **facts)[1]


def by_itself(environment: str, component: str, run: str = "") -> Dict[str, str]:
    """Return who acts when nobody does."""
    own = run or f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(2)}"
    return {"component": component, "environment": environment, "run": own, "actor": "recorder", "reason": ""}


def on_behalf(options: argparse.Namespace, found: Dict[str, Any]) -> Dict[str, str]:
    """Return who enters a report of a component that need not be the one that was typed."""
    own = by_itself(found["environment"], found["component"], options.run or "")
    return {**own, "actor": options.actor or own["actor"], "reason": options.reason}


def reports(state: State, records: Iterable[Dict[str, Any]], now: float) -> Dict[str, Any]:
    """Return all reports; one that cannot be made is a problem of its own."""
    found, problems = [], []
    for record in records:
        try:
            found.append(told(state, record, now))
        except HostError as error:
            problems.append(f"{record['component']}: {error}")
    text = "\n".join([*(sentence.readable(one) for one in found), *problems]) or "nothing is observed"
    return {"changed": False, "failed": bool(problems), "reports": found, "problems": problems, "message": text}
