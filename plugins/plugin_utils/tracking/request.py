"""The promotion request: the guide's form, filled from evidence, as JSON and as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .markdown import block, code, prose

_OF_GATE = ("gate", "verdict", "found", "wanted", "by_hand", "warning", "waiver", "reused_from", "earned")
FROM = {"staging": "development", "production": "staging"}


def opened(
    operation: Mapping[str, Any],
    judgement: Mapping[str, Any],
    stages: Mapping[str, str],
    known: Mapping[str, Any] | None,
    anchors: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The request as it stands before the deployment.

    ``known`` is the request that is already there for the same artifact: who asked first, and when, stays, and so do
    the heads of the ledgers (``anchors``, by environment: seq and hash) that were seen then.
    """
    asked = {"at": operation["asked_at"], "by": operation["actor"], "run": operation["run"]}
    return _frame(operation, stages) | {
        "status": "requested",
        "requested": (known or {}).get("requested") or asked | {"reason": operation["reason"]},
        "completed": None,
        "met": judgement["met"],
        "criteria": [_criterion(each) for each in judgement["criteria"]],
        "coverage": judgement.get("coverage") or {},
        "evidence": (judgement.get("evidence") or {}).get("root_sha256"),
        "report": (judgement.get("pages") or {}).get("html"),
        "anchors": (known or {}).get("anchors") or dict(anchors or {}),
    }


def completed(
    operation: Mapping[str, Any],
    event: Mapping[str, Any],
    stages: Mapping[str, str],
    known: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The request after the promotion that ``event`` (of the ledger) records; built from it alone if unknown."""
    data: Mapping[str, Any] = event["data"] or {}
    request = known or _frame(operation, stages) | {
        "requested": {"at": event["at"], "by": event["actor"], "run": event["run"], "reason": event["reason"] or ""},
        "met": data.get("met"),
        "criteria": [
            {"criterion": each["criterion"], "title": each["criterion"], "verdict": each["verdict"], "gates": []}
            for each in data.get("criteria") or []
        ],
        "coverage": data.get("coverage") or {},
        "evidence": data.get("evidence_root"),
        "report": None,
        "anchors": {},
    }
    return dict(request) | {
        "status": "completed",
        "labels": labels(operation, "completed"),
        "completed": {"at": event["at"], "by": event["actor"], "run": event["run"]},
        "anchors": {**(request.get("anchors") or {}), **_head(operation, event)},
    }


def _head(operation: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """The ledger's head with this entry; none for an event that is only planned."""
    return {operation["stage_wanted"]: {key: event[key] for key in ("seq", "hash")}} if event.get("hash") else {}


def labels(operation: Mapping[str, Any], status: str) -> list[str]:
    """The guide's labels."""
    return [
        f"component:{operation['component']}",
        f"target:{operation['stage_wanted']}",
        f"promotion:{status}",
    ]


def as_json(request: Mapping[str, Any]) -> str:
    """The file beside the page."""
    return json.dumps(request, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def as_markdown(request: Mapping[str, Any]) -> str:
    """The page: every field of the form."""
    artifact = request["artifact"]
    coverage = request["coverage"].get("unit")
    lines = [
        f"# {request['title']}",
        "",
        f"- **Status**: {request['status']}",
        f"- **Labels**: {', '.join(code(label) for label in request['labels'])}",
        f"- **Requested**: {request['requested']['at']} by {code(request['requested']['by'])}",
    ]
    if request["completed"]:
        lines.append(f"- **Completed**: {request['completed']['at']} by {code(request['completed']['by'])}")
    lines += [
        "",
        "## Component Name",
        code(request["component"]),
        "## Current Stage",
        request["from"].capitalize(),
        "## Target Stage",
        request["to"].capitalize(),
        "## Functional Group",
        prose(request["group"]) or "not in the catalogue",
        "## Promotion Justification",
        f"{request['met']} criteria met by {code(request['component'])}, commit {code(artifact['commit'])},"
        f" tree {code(artifact['tree'])}.",
        *([f"Reason: {code(request['requested']['reason'])}"] if request["requested"]["reason"] else []),
        f"## {request['from'].capitalize()} → {request['to'].capitalize()} Criteria",
        *[f"- [{'x' if each['verdict'] == 'pass' else ' '}] {_title(each)}" for each in request["criteria"]],
        "## Test Results",
        *([f"- **Unit Tests**: {coverage:g}% coverage"] if coverage is not None else []),
        *[line for each in request["criteria"] for gate in each["gates"] for line in _gate(gate)],
        f"- **Evidence**: {code(request['evidence'] or 'none')}",
        *([f"- **Report**: {code(request['report'])}"] if request.get("report") else []),
        "## Documentation Links",
        *[f"- {name}: {code(path)}" for name, path in request["documentation"].items()],
        "## Dependencies",
        *([f"- {code(each['name'])} ({each['stage'].capitalize()})" for each in request["dependencies"]] or ["None"]),
        "## Known Blockers",
        *([f"- {prose(each)}" for each in request["blockers"]] or ["None"]),
    ]
    return "\n".join(_spaced(lines)) + "\n"


def _frame(operation: Mapping[str, Any], stages: Mapping[str, str]) -> dict[str, Any]:
    entry, target = operation["entry"], operation["stage_wanted"]
    artifact = operation["artifact"]
    return {
        "schema": 1,
        "title": f"[PROMOTION] {operation['component']}: {FROM[target]} → {target}",
        "labels": labels(operation, "requested"),
        "component": operation["component"],
        "from": FROM[target],
        "to": target,
        "group": entry["group"],
        "owner": entry["owner"],
        "artifact": {key: artifact[key] for key in ("component", "commit", "tree")},
        "documentation": {
            "Component README": entry["readme"],
            "Maturity": entry["maturity"],
            "Rollback procedure": entry["rollback"],
        },
        "dependencies": [{"name": name, "stage": stages.get(name, "unknown")} for name in entry["depends"]],
        "blockers": [],
    }


def _criterion(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "criterion": given["criterion"],
        "title": given["title"],
        "verdict": given["verdict"],
        "attested": bool(given.get("attested")),
        "gates": [{key: gate.get(key) for key in _OF_GATE} for gate in given.get("gates") or []],
    }


def _title(criterion: Mapping[str, Any]) -> str:
    waivers = [gate["waiver"] for gate in criterion["gates"] if gate.get("waiver") and gate["verdict"] != "pass"]
    said = "".join(f" (waived until {code(each['until'])} by {code(each['owner'])})" for each in waivers)
    return prose(criterion["title"]) + (" (your word)" if criterion.get("attested") else "") + said


def _gate(gate: Mapping[str, Any]) -> list[str]:
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


def _spaced(lines: list[str]) -> list[str]:
    """A blank line around every heading, never two in a row."""
    spaced: list[str] = []
    for line in lines:
        heading = line.startswith("#")
        after_heading = bool(spaced) and spaced[-1].startswith("#")
        if spaced and spaced[-1] and (heading or (after_heading and line)):
            spaced.append("")
        if line or (spaced and spaced[-1]):
            spaced.append(line)
    return spaced
