"""The report of one judgement as a document: all that the page, the Markdown and other programs show is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from ..gates import criteria as all_criteria
from ..gates import headline
from ..gates.criteria import VERIFIED, Criterion
from ..gates.definition import Gate
from ..gates.history import PastRun
from . import gate_row, states, steps, summary
from .text import cleaned, line

SCHEMA = 1
_HOST = ("node", "system", "cores", "python")


def build(
    operation: Mapping[str, Any],
    criteria: Sequence[Criterion],
    verdicts: Sequence[Mapping[str, Any]],
    gates: Sequence[Gate],
    evidence: Mapping[str, str],
    runs: Sequence[PastRun],
    *,
    host: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The report's document (docs/schemas/report.schema.json); pure.

    ``verdicts`` carry their waivers and files; ``evidence`` has path ("" when none was kept) and root_sha256;
    ``runs`` are past ones, newest first (``run``, ``verdicts``); ``host`` is the evidence's host.json.
    """
    run = str(operation["run"])
    href = _href(evidence["path"])
    by_name = {gate.name: gate for gate in gates}
    rows = [gate_row.row(by_name[each["gate"]], each, run, runs, href) for each in verdicts]
    number, of = all_criteria.met(criteria, verdicts)
    result = headline.outcome(criteria, verdicts)
    document = {
        "schema": SCHEMA,
        "kind": "judgement",
        "headline": headline.headline(operation, criteria, verdicts),
        "summary": summary.sentence(rows),
        "outcome": result,
        "moment": "verify" if tuple(criteria) == VERIFIED else "judge",
        "component": operation["component"],
        "stage": operation["stage_wanted"],
        "group": str((operation.get("entry") or {}).get("group") or ""),
        "owner": str((operation.get("entry") or {}).get("owner") or ""),
        "run": run,
        "actor": line(operation.get("actor") or ""),
        "reason": line(operation.get("reason") or ""),
        "artifact": {key: operation["artifact"][key] for key in ("component", "commit", "tree")},
        "dirty": [str(each) for each in operation.get("dirty") or []],
        "counts": {"met": number, "of": of, **_counts(rows), "waived": headline.waived_count(criteria, verdicts)},
        "criteria": _criteria(criteria, rows),
        "gates": rows,
        "next": steps.of_judgement(operation, rows, result),
        "tools": _tools(rows),
        "host": {key: host[key] for key in _HOST if host.get(key)} if host else None,
        "times": _times(operation, rows),
        "expires": min((row["expires"] for row in rows if row["expires"]), default=None),
        "evidence": {"path": evidence["path"], "root_sha256": evidence["root_sha256"], "href": href or None},
    }
    clean: dict[str, Any] = cleaned(document)
    return clean


def _href(path: str) -> str:
    """The evidence folder as a report sees it: reports lie in `reports/<name>`, beside the folder of all evidence."""
    folder = PurePath(path)
    return f"../../{folder.parent.name}/{folder.name}" if path else ""


def _criteria(criteria: Sequence[Criterion], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = []
    number = 0
    for criterion in criteria:
        number += criterion.counted
        own = [row for row in rows if row["criterion"] == criterion.name]
        left_out = getattr(criterion, "left_out", ())
        found.append(
            {
                "criterion": criterion.name,
                "title": criterion.title,
                "number": number if criterion.counted else None,
                "state": states.of_criterion(own, left_out),
                "attested": any(row["attested"] for row in own),
                "gates": [row["gate"] for row in own],
                "left_out": list(left_out),
            }
        )
    return found


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return {
        "gates": len(rows),
        "passed": sum(row["verdict"] == "pass" for row in rows),
        "failed": sum(row["state"] == "fail" for row in rows),
        "inconclusive": sum(row["state"] == "inconclusive" for row in rows),
        "warnings": sum(bool(row["warning"]) for row in rows),
        "reused": sum(bool(row["reused_from"]) for row in rows),
    }


def _tools(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The version of each tool that had a part in a verdict."""
    found = {name: str(version) for row in rows for name, version in row["tools"].items()}
    return dict(sorted(found.items()))


def _times(operation: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """When it was asked for, and from when to when it was judged; where all is of earlier runs, at once."""
    asked = str(operation.get("asked_at") or "")
    fresh = [row["earned"] for row in rows if not row["reused_from"]]
    return {"asked": asked, "began": min(fresh, default=asked), "ended": max(fresh, default=asked)}
