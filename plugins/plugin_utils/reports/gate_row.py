"""One gate as a report has it: its number against its objective, where it comes from, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..gates.comparison import plain
from ..gates.definition import Gate
from ..gates.history import PastRun
from ..gates.judge import found_in_words
from . import states, trend
from .text import line, lines

_AGGREGATES = {"avg": "average", "p50": "median", "p90": "90th percentile", "p95": "95th percentile"}
_FIRST = ("stdout", "stderr", "command.json", "document.json")


def row(
    gate: Gate, verdict: Mapping[str, Any], run: str, runs: Sequence[PastRun], evidence_href: str
) -> dict[str, Any]:
    """One gate's entry of a report (schema: ``gate`` in docs/schemas/report.schema.json)."""
    baseline = verdict.get("baseline") or None
    value = baseline["value"] if baseline else None
    warning = lines(verdict.get("warning"))
    series = trend.points(runs, run, verdict)
    return {
        "gate": gate.name,
        "criterion": gate.criterion,
        "state": states.of_gate(verdict),
        "verdict": verdict["verdict"],
        "found": verdict["found"],
        "found_words": line(found_in_words(gate, verdict)),
        "wanted": verdict["wanted"],
        "wanted_words": line(gate.objective.in_words(gate.unit, value)),
        "unit": gate.unit,
        "examined": verdict["examined"],
        "examined_of": gate.of,
        "cause": lines(verdict["cause"]),
        "warning": warning[0] if warning else None,
        "warning_findings": warning[1:],
        "remedy": line(verdict["remedy"]),
        "by_hand": "\n".join(lines(verdict["by_hand"])),
        "attested": verdict.get("attested") or None,
        "waiver": verdict.get("waiver") or None,
        "waiver_expired": verdict.get("waiver_expired") or None,
        "baseline": baseline,
        "baseline_words": _baseline(baseline, gate.unit),
        "thresholds": trend.thresholds(gate.objective, value),
        "trend": series,
        "trend_words": trend.in_words(series),
        "earned": verdict["earned"],
        "reused_from": verdict.get("reused_from"),
        "expires": verdict.get("expires"),
        "seconds": verdict["seconds"],
        "tools": dict(verdict.get("tools") or {}),
        "gate_sha256": verdict["gate_sha256"],
        "evidence": _evidence(verdict.get("files") or {}, evidence_href),
    }


def _baseline(baseline: Mapping[str, Any] | None, unit: str) -> str:
    """What the number was compared with: `73.2 %, average of 5 passing runs`."""
    if not baseline:
        return ""
    number = len(baseline["results"])
    if baseline["value"] is None or not number:
        return "none: no earlier passing result"
    runs = "the last passing run" if number == 1 else f"{_AGGREGATES[baseline['aggregate']]} of {number} passing runs"
    return line(f"{plain(round(baseline['value'], 3))} {unit}") + f", {runs}"


def _evidence(files: Mapping[str, str], href: str) -> list[dict[str, Any]]:
    """The gate's files: what people look at first, first; without a folder there is nothing to link to."""
    rank = {name: place for place, name in enumerate(_FIRST)}
    ordered = sorted(files, key=lambda path: (rank.get(path.rpartition("/")[2], -1), path))
    return [{"path": path, "sha256": files[path], "href": f"{href}/{path}" if href else None} for path in ordered]
