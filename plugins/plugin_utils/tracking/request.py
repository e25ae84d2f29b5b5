"""The promotion request: the guide's form, filled from evidence. What it says as a page is in `request_page`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from . import measured, statuses

_OF_GATE = ("gate", "verdict", "found", "wanted", "by_hand", "warning", "waiver", "reused_from", "earned")
FROM = {"staging": "development", "production": "staging"}

Request = dict[str, Any]


def opened(
    operation: Mapping[str, Any],
    judgement: Mapping[str, Any],
    stages: Mapping[str, str],
    known: Mapping[str, Any] | None,
    anchors: Mapping[str, Any] | None = None,
    ledger: Sequence[Mapping[str, Any]] = (),
) -> Request:
    """The request as it stands once it was judged, before the deployment.

    ``known`` is the request that is already there for the same artifact: who asked first, and when, stays, and so do
    the heads of the ledgers (``anchors``, by environment: seq and hash) that were seen then. ``ledger`` has what was
    measured of the artifact before, and who approved it.
    """
    asked = {"at": operation["asked_at"], "by": operation["actor"], "run": operation["run"]}
    request = _frame(operation, stages, ledger, judgement.get("verdicts") or ()) | {
        "requested": (known or {}).get("requested") or asked | {"reason": operation["reason"]},
        "completed": None,
        "met": judgement["met"],
        "criteria": [_criterion(each) for each in judgement["criteria"]],
        "evidence": (judgement.get("evidence") or {}).get("root_sha256"),
        "report": (judgement.get("pages") or {}).get("html"),
        "anchors": (known or {}).get("anchors") or dict(anchors or {}),
        "statuses": (known or {}).get("statuses") or [],
    }
    request["coverage"] = {**request["coverage"], **(judgement.get("coverage") or {})}
    return _at(request, operation, statuses.judged(request["statuses"], judgement, operation, ledger))


def completed(
    operation: Mapping[str, Any],
    event: Mapping[str, Any],
    stages: Mapping[str, str],
    known: Mapping[str, Any] | None,
    ledger: Sequence[Mapping[str, Any]] = (),
) -> Request:
    """The request after the promotion that ``event`` (of the ledger) records; built from it alone if unknown."""
    data: Mapping[str, Any] = event["data"] or {}
    by = {"at": event["at"], "by": event["actor"], "run": event["run"]}
    request = known or _frame(operation, stages, ledger) | {
        "requested": {**by, "reason": event["reason"] or ""},
        "met": data.get("met"),
        "criteria": [
            {"criterion": each["criterion"], "title": each["criterion"], "verdict": each["verdict"], "gates": []}
            for each in data.get("criteria") or []
        ],
        "coverage": data.get("coverage") or {},
        "evidence": data.get("evidence_root"),
        "report": None,
        "anchors": {},
        "statuses": [],
    }
    done = dict(request) | {
        "completed": by,
        "anchors": {**(request.get("anchors") or {}), **_head(operation, event)},
    }
    return _at(done, operation, statuses.moved(request.get("statuses") or [], "completed", by))


def blocked(request: Mapping[str, Any], operation: Mapping[str, Any], why: str) -> Request:
    """The request after its deployment failed, or the component was taken back or demoted: ``why`` is a sentence."""
    by = {"at": operation["asked_at"], "by": operation["actor"], "run": operation["run"], "why": why}
    return _at(dict(request), operation, statuses.moved(request.get("statuses") or [], "blocked", by))


def labels(component: str, target: str, status: str, more: Sequence[str] = ()) -> list[str]:
    """The guide's labels, and those of the catalogue (`monorepo.tracker.labels`)."""
    return [f"component:{component}", f"target:{target}", f"promotion:{status}", *more]


def as_json(request: Mapping[str, Any]) -> str:
    """The file beside the page."""
    return json.dumps(request, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _at(request: Request, operation: Mapping[str, Any], history: list[dict[str, Any]]) -> Request:
    status, more = history[-1]["status"], ((operation.get("settings") or {}).get("tracker") or {}).get("labels") or []
    return {
        **request,
        "statuses": history,
        "status": status,
        "labels": labels(request["component"], request["to"], status, more),
    }


def _head(operation: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    """The ledger's head with this entry; none for an event that is only planned."""
    return {operation["stage_wanted"]: {key: event[key] for key in ("seq", "hash")}} if event.get("hash") else {}


def _frame(
    operation: Mapping[str, Any],
    stages: Mapping[str, str],
    ledger: Sequence[Mapping[str, Any]],
    verdicts: Sequence[Mapping[str, Any]] = (),
) -> Request:
    entry, target = operation["entry"], operation["stage_wanted"]
    component, artifact = operation["component"], operation["artifact"]
    found = measured.facts(component, str(artifact["tree"]), ledger, measured.of_verdicts(verdicts))
    docs = entry.get("docs") or {}
    before = statuses.promoted(ledger, component, FROM[target])
    return {
        "schema": 1,
        "title": f"[PROMOTION] {component}: {FROM[target]} → {target}",
        "component": component,
        "from": FROM[target],
        "to": target,
        "group": entry["group"],
        "owner": entry["owner"],
        "artifact": {key: artifact[key] for key in ("component", "commit", "tree")},
        "documentation": {
            "Component README": entry["readme"],
            **{name: docs[key] for key, name in _DOCS.items() if docs.get(key)},
            "Maturity": entry["maturity"],
            "Rollback procedure": entry["rollback"],
        },
        "dependencies": [{"name": name, "stage": stages.get(name, "unknown")} for name in entry["depends"]],
        "blockers": [],
        "earned_before": [
            {key: each.get(key) for key in ("criterion", "verdict")} for each in (before or {}).get("criteria") or []
        ],
        "coverage": found["coverage"],
        "measured": found,
        "sla": entry.get("sla") or {},
    }


_DOCS = {"api": "API documentation", "user": "User guide", "troubleshooting": "Troubleshooting guide"}


def _criterion(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "criterion": given["criterion"],
        "title": given["title"],
        "verdict": given["verdict"],
        "attested": bool(given.get("attested")),
        "gates": [{key: gate.get(key) for key in _OF_GATE} for gate in given.get("gates") or []],
    }
