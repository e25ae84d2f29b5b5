"""What runs where, at which stage, since when, and what is missing: the report of ``status``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...module_utils.host import disk
from ...module_utils.host.backup import half_way, shown
from ...module_utils.host.rehearsal import mark
from . import dates, events, judged
from .issue import BLOCKER, INCIDENT, SEVERITIES

COLUMNS = ("component", "runs in", "stage", "commit/tree", "since", "health", "missing for the next stage")
_NOT_JUDGED = "not judged yet"


@dataclass(frozen=True)
class Host:
    """A host of an environment and what it said; ``known`` is its answer of ``seen`` when it is silent now."""

    name: str
    environment: str
    answer: Mapping[str, Any] | None
    known: Mapping[str, Any] | None = None
    seen: str | None = None


@dataclass(frozen=True)
class Facts:
    """``stages`` of all components; ``components``: those asked for; ``today`` decides how long a soak goes on."""

    components: Sequence[str]
    stages: Mapping[str, str]
    hosts: Sequence[Host]
    verdicts: Sequence[judged.Verdict]
    today: date
    tree: str | None = None


def overview(facts: Facts) -> dict[str, Any]:
    """The report: a table, silent hosts, and what to type for components that nobody judged."""
    entries = _entries(facts.hosts)
    rows: list[list[str]] = []
    unjudged: list[str] = []
    for name in facts.components:
        stage = facts.stages.get(name, "unknown")
        running = [row for host in facts.hosts for row in _running(name, host)]
        lacking = _missing(name, stage, running, entries, facts)
        if lacking == _NOT_JUDGED:
            unjudged.append(name)
        for where, release, since, health in running or [("nowhere", {}, "", "")]:
            rows.append([name, where, stage, _artifact(release), since[:10], health, lacking])
    silent = [host for host in facts.hosts if host.answer is None]
    return {
        "headline": _headline(facts, silent),
        "outcome": "status",
        "criteria": [],
        "table": {"columns": list(COLUMNS), "rows": rows},
        "rows": [[host.name, note] for host in facts.hosts for note in _notes(host, facts.components)],
        "next": [f"ansible-playbook promote-staging.yml -e component={name}" for name in unjudged],
    }


def _headline(facts: Facts, silent: Sequence[Host]) -> str:
    counts: dict[str, int] = {}
    for host in facts.hosts:
        running = sum(bool(_running(name, host)) for name in facts.components) if host.answer else 0
        counts[host.environment] = counts.get(host.environment, 0) + running
    parts = [f"{number} in {name}" for name, number in counts.items()]
    parts += [f"no answer from {host.name}" for host in silent]
    return f"STATUS {facts.components[0] if len(facts.components) == 1 else 'components'}: {', '.join(parts)}"


def _environment(answer: Mapping[str, Any] | None, name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = ((answer or {}).get("environments") or {}).get(name) or {}
    return found


def _running(name: str, host: Host) -> list[tuple[str, Mapping[str, Any], str, str]]:
    """(where, release, since, health) of the component on this host, as it says or as it last said."""
    answer = host.answer if host.answer is not None else host.known
    component = (_environment(answer, host.environment).get("components") or {}).get(name) or {}
    release = component.get("release")
    if not release:
        return []
    where = f"{host.environment} (release {release['number']}{_colours(component.get('colours') or {})})"
    health = "no answer" if host.answer is None else _health(component.get("containers") or [], host.answer)
    return [(where, release, str(component.get("since") or release.get("created") or ""), health)]


def _colours(found: Mapping[str, Any]) -> str:
    """Which colour serves, and which release is warm beside it; nothing for a component that runs stop-first."""
    if not found:
        return ""
    other = found["green" if found["live"] == "blue" else "blue"]
    warm = f"; {other['release']} warm until {str(found['warm_until'])[11:16]}" if other["state"] == "warm" else ""
    return f", {found['live']}{warm}"


def _health(containers: Iterable[Mapping[str, Any]], answer: Mapping[str, Any]) -> str:
    if answer.get("engine") is False:
        return "unknown"
    states = {str(each["service"]): str(each.get("health") or each.get("state")) for each in containers}
    if not states:
        return "not running"
    if len(set(states.values())) == 1:
        return next(iter(states.values()))
    return ", ".join(f"{service} {state}" for service, state in states.items())


def _artifact(release: Mapping[str, Any]) -> str:
    artifact = release.get("artifact") or {}
    if not artifact:
        return ""
    return f"{str(artifact.get('commit'))[:12]}/{str(artifact.get('tree'))[:12]}"


def _missing(
    name: str,
    stage: str,
    running: Sequence[tuple[str, Mapping[str, Any], str, str]],
    entries: Sequence[events.Event],
    facts: Facts,
) -> str:
    if stage == "production":
        return ""
    if stage == "staging":
        return _observation(events.promotions_of(name, entries), facts.today)
    if stage == "unknown":
        return "an answer of the hosts that keep the ledgers"
    tree = facts.tree or next((release["artifact"]["tree"] for _, release, _, _ in running), None)
    verdicts = judged.newest(name, tree, facts.verdicts)
    if not verdicts:
        return _NOT_JUDGED
    return "; ".join(judged.missing(verdicts)) or "nothing: all criteria are met"


def _observation(promotions: Sequence[events.Event], today: date) -> str:
    if not promotions:
        return ""
    until = dates.earliest_production(promotions[-1]["at"])
    left = (date.fromisoformat(until) - today).days
    if left <= 0:
        return f"the criteria of Staging → Production (observed since {dates.day(promotions[-1]['at'])})"
    return f"in observation until {until} ({left} {'day' if left == 1 else 'days'})"


def _notes(host: Host, names: Sequence[str]) -> list[str]:
    """What is wrong on a host, and what its disk has, a sentence each."""
    if host.answer is None:
        return [_last_known(host)]
    if host.answer.get("disk"):
        room = "; ".join(line.strip() for line in disk.lines(host.answer["disk"])[1:])
        return [*_wrong(host.answer, host.environment, names), room]
    return _wrong(host.answer, host.environment, names)


def _wrong(answer: Mapping[str, Any], environment: str, names: Sequence[str]) -> list[str]:
    notes = [f"Docker does not answer: {answer.get('engine_error')}"] if answer.get("engine") is False else []
    components = _environment(answer, environment).get("components") or {}
    for name in names:
        facts = components.get(name) or {}
        act = facts.get("unfinished")
        if act:
            what = f"{act['act']} of release {act['number']} by {act['actor']}, begun {act['at']},"
            notes.append(f"{name}: {what} is unfinished")
        notes += [f"{name}: {line.strip()}" for line in mark.lines(name, facts.get("rehearsal"))]
        notes += [f"{name}: {line.strip()}" for line in shown.lines(facts)]
        if facts.get("restoring"):
            notes.append(half_way.sentence(facts["restoring"], name, environment))
        if facts.get("problem"):
            notes.append(f"{name}: {facts['problem']}")
    notes += _tracked(_environment(answer, environment).get("issues") or {}, names)
    return notes


def _tracked(issues: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """The open blockers and incidents, the worst first, and why they cannot be read."""
    still = [one for one in issues.get("entries") or [] if one["state"] == "open" and one["component"] in names]
    grave = [one for one in still if one["kind"] in (BLOCKER, INCIDENT)]
    grave.sort(key=lambda one: SEVERITIES.index((one.get("fields") or {}).get("severity") or "low"))
    said = [f"{one['kind']} #{one['number']} ({one['fields'].get('severity')}): {one['title']}" for one in grave]
    return [*([str(issues["problem"])] if issues.get("problem") else []), *said]


def _last_known(host: Host) -> str:
    if host.known is None:
        return "no answer, last known: nothing"
    components = _environment(host.known, host.environment).get("components") or {}
    named = [
        f"{name} release {component['release']['number']} ({_artifact(component['release'])})"
        for name, component in sorted(components.items())
        if component.get("release")
    ]
    return f"no answer, last known {host.seen}: {', '.join(named) or 'nothing ran'}"


def _entries(hosts: Iterable[Host]) -> list[events.Event]:
    found: list[events.Event] = []
    for host in hosts:
        book = _environment(host.answer or host.known, host.environment).get("ledger") or {}
        found += [each for each in book.get("entries") or [] if each not in found]
    return found
