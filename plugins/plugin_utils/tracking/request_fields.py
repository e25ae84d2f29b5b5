"""The fields of the promotion form, as lines of Markdown. What nobody measured is said to be so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..gates.criteria import OF_STAGE
from .markdown import block, code, prose

NOT = "not measured"
Lines = list[str]
_SECURITY = {
    "security": "Security Scan",
    "security-scan": "Security Scan",
    "advisories": "Dependency Audit",
    "packages-current": "Packages",
    "secrets": "Secrets Management",
}


def justification(request: Mapping[str, Any]) -> Lines:
    """Why it is ready, or that it is not, in numbers."""
    artifact, reason = request["artifact"], request["requested"]["reason"]
    met = [each for each in request["criteria"] if each["verdict"] == "pass"]
    return [
        f"{request['met']} criteria met by {code(request['component'])}, commit {code(artifact['commit'])},"
        f" tree {code(artifact['tree'])}.",
        *[f"- {prose(each['title'])}" for each in met],
        *(["", f"Reason: {code(reason)}"] if reason else []),
    ]


def criteria(request: Mapping[str, Any], stage: str) -> Lines:
    """The boxes of a stage: those judged now, those earned before, or empty ones of a stage that is not asked for."""
    if request["to"] == stage:
        return [f"- [{'x' if each['verdict'] == 'pass' else ' '}] {_title(each)}" for each in request["criteria"]]
    earned = {each["criterion"] for each in request.get("earned_before") or [] if each["verdict"] == "pass"}
    return [f"- [{'x' if one.name in earned else ' '}] {one.title}" for one in OF_STAGE[stage] if one.counted]


def tests(request: Mapping[str, Any]) -> Lines:
    """Coverage and what every gate found, with the command to see it by hand."""
    coverage, gates = request["coverage"], (request.get("measured") or {}).get("gates") or {}
    lines = []
    for kind, gate, name in (("unit", "unit-tests", "Unit Tests"), ("integration", "integration-tests", "Integration")):
        if coverage.get(kind) is not None or gate in gates:
            percent = f"{coverage[kind]:g}% coverage" if coverage.get(kind) is not None else f"coverage {NOT}"
            lines.append(f"- **{name}**: {percent}{_passing(gates.get(gate))}")
    return [
        *lines,
        *[line for each in request["criteria"] for gate in each["gates"] for line in _gate(gate)],
        f"- **Evidence**: {code(request['evidence'] or 'none')}",
        *([f"- **Report**: {code(request['report'])}"] if request.get("report") else []),
    ]


def performance(request: Mapping[str, Any]) -> Lines:
    """Response times, throughput, resources and uptime beside what the catalogue promises."""
    known, sla = request.get("measured") or {}, request.get("sla") or {}
    found, uptime = known.get("performance") or {}, known.get("uptime") or {}
    times = [f"{name}: {_value(found.get(f'{name}_ms'), 'ms')}" for name in ("p50", "p95", "p99")]
    promised = ", ".join(f"{key} {value:g}" for key, value in sorted(sla.items()) if isinstance(value, (int, float)))
    days = f" over {uptime['days']:g} days" if uptime.get("days") is not None else ""
    return [
        f"- **Response Time**: {', '.join(times)}",
        f"- **Throughput**: {_value(found.get('throughput_rps'), ' req/s')}",
        f"- **Resource Usage**: CPU: {_value(found.get('cpu'), '%')}, Memory: {_value(found.get('memory_mb'), 'MB')}",
        f"- **Uptime**: {_value(uptime.get('uptime_percent'), '%')}{days}",
        *([f"- **SLA**: {code(promised)}"] if promised else []),
    ]


def security(request: Mapping[str, Any]) -> Lines:
    """What the scanners said."""
    gates = [gate for each in request["criteria"] for gate in each["gates"] if gate["gate"] in _SECURITY]
    return [
        f"- **{_SECURITY[gate['gate']]}**: {prose(gate['verdict'])}, found {code(gate['found'] or 'nothing')}"
        for gate in gates
    ] or [f"- **Security Scan**: {NOT}"]


def dependencies(request: Mapping[str, Any]) -> Lines:
    """Each with its stage."""
    return [f"- {code(each['name'])} ({each['stage'].capitalize()})" for each in request["dependencies"]] or ["None"]


def rollback(request: Mapping[str, Any]) -> Lines:
    """Where it is written down, when it was tried, and how long it took."""
    tried = (request.get("measured") or {}).get("rehearsal")
    seconds = tried and tried.get("recovery_seconds")
    return [
        f"See {code(request['documentation']['Rollback procedure'])}",
        "",
        f"- **Rollback tested in staging**: {tried['at'][:10] if tried and tried['clean'] else 'not yet'}",
        f"- **Rollback time estimate**: {f'{seconds:g} s' if seconds else NOT}",
    ]


def context(request: Mapping[str, Any]) -> Lines:
    """The way the request went, and the run that checked it."""
    lines = [
        f"- {one['at']}: {one['status']}, run {code(one['run'])} by {code(one['by'])}"
        f"{': ' + prose(one['why']) if one.get('why') else ''}"
        for one in request.get("statuses") or []
    ]
    return [*lines, *([f"- CI: {request['ci']}"] if request.get("ci") else [])] or ["None"]


def _value(number: Any, unit: str) -> str:
    return f"{number:g}{unit}" if isinstance(number, (int, float)) else NOT


def _passing(gate: Mapping[str, Any] | None) -> str:
    ran, failed = (gate or {}).get("examined"), (gate or {}).get("found")
    if not isinstance(ran, (int, float)) or not isinstance(failed, (int, float)):
        return ""
    return f", {ran - failed:g}/{ran:g} passing"


def _title(criterion: Mapping[str, Any]) -> str:
    waivers = [gate["waiver"] for gate in criterion["gates"] if gate.get("waiver") and gate["verdict"] != "pass"]
    said = "".join(f" (waived until {code(each['until'])} by {code(each['owner'])})" for each in waivers)
    return prose(criterion["title"]) + (" (your word)" if criterion.get("attested") else "") + said


def _gate(gate: Mapping[str, Any]) -> Lines:
    found, by_hand = str(gate["found"] or ""), str(gate["by_hand"] or "")
    wanted = f", wanted {code(gate['wanted'])}" if gate["wanted"] else ""
    lines = [f"- **{prose(gate['gate'])}**: {prose(gate['verdict'])}, found {code(found) or 'nothing'}{wanted}"]
    if gate.get("warning"):
        lines.append(f"  - Warning: {prose(gate['warning'])}")
    if gate.get("waiver"):
        waiver = gate["waiver"]
        until, by = code(waiver["until"]), code(waiver["owner"])
        lines.append(f"  - Waived until {until} by {by}: {prose(waiver['reason'])}")
    if gate.get("reused_from"):
        lines.append(f"  - Earned {code(gate['earned'])} in run {code(gate['reused_from'])}")
    if by_hand:
        lines += ["", *(f"  {line}".rstrip() for line in block(by_hand)), ""]
    return lines
