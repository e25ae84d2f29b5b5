"""What runs where, by the state folder and, if it answers, by the engine. Reads only."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from . import act, colours, compose, disk, ledger, lock, status_colours, tracked
from .backup import half_way, shown
from .engine import Engine
from .errors import EngineError, HostError
from .rehearsal import mark
from .state import State
from .store import Release, Store


def status(state: State, engine: Engine, environment: Optional[str], component: Optional[str]) -> Dict[str, Any]:
    """Return ``{engine, engine_error, environments: {name: {components, ledger}}}``; the ledgers are always whole."""
    containers, problem = _containers(engine)
    chosen = [environment] if environment else state.environments()
    readings = {name: state.ledger(name).read() for name in state.environments()}
    stages = ledger.stages([entry for reading in readings.values() for entry in reading.entries])
    found = {}
    for name in chosen:
        reading = readings.get(name, ledger.Reading())
        components = [component] if component else state.components(name)
        found[name] = {
            "components": {
                one: _component(state.store(name, one), name, one, containers, reading, stages) for one in components
            },
            "ledger": {
                "head": reading.head,
                "seq": len(reading.entries),
                "valid": reading.problem is None,
                "damage": reading.problem,
                "torn": bool(reading.torn),
                "entries": list(reading.entries),
            },
            "issues": tracked.summary(state, name),
        }
    return {"engine": problem is None, "engine_error": problem, "environments": found}


def disk_of(state: State, engine: Engine) -> Optional[Dict[str, Any]]:
    """Return what is taken and could be had back (see ``disk``); None when the engine does not say."""
    try:
        return disk.usage(state, engine)
    except EngineError:
        return None


def _containers(engine: Engine) -> Tuple[List[Dict[str, Any]], Optional[str]]:
    try:
        return engine.containers(f"label={compose.LABEL_COMPONENT}"), None
    except EngineError as error:
        return [], str(error)


def _component(
    store: Store,
    environment: str,
    name: str,
    containers: List[Dict[str, Any]],
    reading: ledger.Reading,
    stages: Dict[str, Any],
) -> Dict[str, Any]:
    everything = [one for one in containers if _belongs(one, environment, name)]
    events = [entry for entry in reading.entries if entry["component"] == name]
    serving = [entry for entry in events if entry["event"] in ("deployed", "returned") and not act.is_rejection(entry)]
    facts: Dict[str, Any] = {
        "stage": stages.get(name, {}).get("stage", "development"),
        "containers": [],
        "published": {},
        "since": serving[-1]["at"] if serving else None,
        "last_event": {key: events[-1][key] for key in ("event", "at", "actor", "release")} if events else None,
        "locked": lock.read_holder(store.lock_path) if lock.is_held(store.lock_path) else None,
        "problem": None,
        "rehearsal": None,
        "restoring": None,
        **shown.facts(store.folder.parent.parent, name, events),
    }
    try:
        facts["restoring"] = half_way.read(store.folder)
        facts["rehearsal"] = mark.live(store.folder, events)
        found = colours.read(store.folder)
        facts.update(status_colours.facts(store.folder, found, everything))
        current, previous = store.current(), store.previous()
        facts["release"] = current.facts if current else None
        facts["previous"] = previous.number if previous else None
        facts["kept"] = store.numbers()
        facts["releases"] = [_summary(store.release(number)) for number in facts["kept"]]
        unfinished = store.journal.unfinished()
        facts["unfinished"] = (
            {key: unfinished[0][key] for key in ("act", "number", "run", "actor", "at")} if unfinished else None
        )
    except HostError as error:
        facts.update(release=None, previous=None, kept=[], releases=[], unfinished=None, problem=str(error))
        facts.setdefault("colours", None)
        facts.setdefault("edge", None)
    return facts


def _summary(release: Release) -> Dict[str, Any]:
    """Return what is told of a kept release; ``outcome`` is None for one that is only prepared."""
    facts = release.facts
    told = {key: facts.get(key) for key in ("number", "created", "by", "data_schema", "strategy")}
    own = {key: facts["artifact"].get(key) for key in ("commit", "tree", "images")}
    return {**told, **own, "outcome": release.outcome}


def _belongs(one: Dict[str, Any], environment: str, component: str) -> bool:
    labels = one["Config"].get("Labels") or {}
    return labels.get(compose.LABEL_ENVIRONMENT) == environment and labels.get(compose.LABEL_COMPONENT) == component


def readable(found: Dict[str, Any]) -> str:
    """Return a status as lines for a person."""
    lines = []
    if not found["engine"]:
        lines += [f"Docker does not answer; what follows is what was recorded. {found['engine_error']}", ""]
    for name, environment in sorted(found["environments"].items()):
        lines.append(name)
        lines += [
            line
            for one, facts in sorted(environment["components"].items())
            for line in _lines(name, one, facts, found["engine"])
        ]
        if not environment["ledger"]["valid"]:
            lines.append(f"  {environment['ledger']['damage']}")
    if lines and found.get("disk"):
        lines += disk.lines(found["disk"])
    return "\n".join(lines) if lines else "nothing was ever deployed on this host"


def _lines(environment: str, name: str, facts: Dict[str, Any], engine: bool) -> List[str]:
    release = facts["release"]
    if release is None:
        lines = [f"  {name}: not deployed ({facts['stage']} stage)"]
    else:
        states = ", ".join(f"{one['service']} {one['health'] or one['state']}" for one in facts["containers"])
        running = (states or "no containers") if engine else "unknown"
        commit = str(release["artifact"].get("commit"))[:12]
        lines = [
            f"  {name}: release {release['number']} (commit {commit}, {facts['stage']} stage) since {facts['since']}",
            f"    {running}",
            *status_colours.lines(name, facts),
        ]
    lines += mark.lines(name, facts["rehearsal"])
    lines += shown.lines(facts)
    if facts["restoring"]:
        lines.append(f"    {half_way.sentence(facts['restoring'], name, environment)}")
    if facts["unfinished"]:
        one = facts["unfinished"]
        lines.append(
            f"    the {one['act']} of release {one['number']} was cut off: tta-ops abort {name}, or deploy again"
        )
    if facts["locked"]:
        lines.append(f"    {lock.describe(facts['locked'])}")
    if facts["problem"]:
        lines.append(f"    {facts['problem']}")
    return lines
