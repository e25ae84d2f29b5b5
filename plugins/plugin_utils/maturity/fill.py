"""Everything in a MATURITY.md that a machine can check, besides stage, criteria and history. Only places that it has.

``facts`` are texts and numbers: ``performance`` {p50, p95, p99, throughput, cpu, memory, uptime: text}, ``coverage``
{kind: percent or None}, ``tests`` {kind: [paths]}, ``security`` {date, counts: {Critical, High, Medium, Low: text},
known, review, reviewed}, ``documents`` {name: True, False, None}, ``monitoring`` {endpoint, health, metrics, alerts:
True, False, None}, ``rollback`` {document, tested}, ``blockers`` {staging, production: [text]; active, resolved:
[lines]}, ``met`` {stage: text}, ``demotions`` [text], ``actor``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import fields, places
from .document import Document, Section

NOT = "not measured"
_PERFORMANCE = {
    "p50": "p50",
    "p95": "p95",
    "p99": "p99",
    "throughput": "Throughput",
    "cpu": "CPU",
    "memory": "Memory",
    "uptime": "Uptime(?: over .*)?",
}
_KINDS = {
    "unit": "Unit",
    "integration": "Integration",
    "e2e": "E2E|End to end|End-to-end",
    "smoke": "Smoke",
    "load": "Load",
}
_DOCUMENTS = {
    "readme": r"component readme",
    "api": r"api (?:documentation|reference)",
    "user": r"user (?:guide|documentation)|usage examples",
    "troubleshooting": r"troubleshooting",
    "rollback": r"rollback procedure",
}
_WORDS = {True: "Configured", False: "Not Configured"}
_BOX = re.compile(r"(?P<lead>\s*[-*+]\s+\[)(?P<tick>[ xX])(?P<rest>\]\s+(?P<text>.*))$")
OWNED = r"\bIssue #(?:\d+|[XYZ]{3})\b|^\s*(?:[-*+]\s+)?None\.?\s*$"


def fill(document: Document, facts: Mapping[str, Any], name: str) -> None:
    """Fill in what there is a place for; ``MaturityError`` where a section stands twice."""
    _performance(document, facts.get("performance") or {})
    _tests(document, facts.get("coverage") or {}, facts.get("tests") or {})
    _security(document, facts.get("security"))
    _documents(document, facts.get("documents") or {})
    _monitoring(document, facts.get("monitoring") or {})
    _rollback(document, facts.get("rollback") or {})
    _blockers(document, facts.get("blockers"), name)
    _demotions(document, facts.get("demotions") or [], name)
    actor, found = facts.get("actor"), fields.field(document, "Last Updated By")
    if actor and found:
        document.replace(found[-1].index, f"{found[-1].before.rstrip()} {actor}")


def _performance(document: Document, values: Mapping[str, str]) -> None:
    outer = places.section(document, r"^performance")
    if outer is None:
        return
    inner = places.section(document, "current", outer) or _before_targets(document, outer)
    for key, label in _PERFORMANCE.items():
        value = values.get(key) or NOT
        _ = places.put_cell(document, outer, label, value) or places.put_line(document, inner, label, value)


def _before_targets(document: Document, outer: Section) -> Section:
    """The section without its part about targets, whose numbers are promises and not measured."""
    targets = places.section(document, r"\bSLA\b|targets?", outer)
    return Section(outer.title, outer.level, outer.start, targets.start) if targets else outer


def _tests(document: Document, coverage: Mapping[str, Any], tests: Mapping[str, list[str]]) -> None:
    outer = places.section(document, r"^test coverage")
    if outer is None:
        return
    for kind, label in _KINDS.items():
        percent = coverage.get(kind)
        value = NOT if percent is None else f"{round(percent, 1):g}%"
        files = [f"`{path}`" for path in tests.get(kind) or []]
        if places.put_cell(document, outer, label, value):
            places.put_cell(document, outer, label, ", ".join(files) or "None", column=2)
            continue
        inner = places.section(document, rf"^(?:{label}) tests?", outer)
        if inner:
            places.put_line(document, inner, "(?:Current )?Coverage", value)
            _ = places.put_list(document, inner, "Test Files", files, "^`|^None$") or places.put_line(
                document, inner, "Test Files", ", ".join(files) or "None"
            )


def _security(document: Document, facts: Mapping[str, Any] | None) -> None:
    outer = places.section(document, r"^security status")
    if outer is None or facts is None:
        return
    counts = facts["counts"]
    places.put_line(document, outer, "Last (?:Security )?Scan", facts["date"])
    for severity, number in counts.items():
        places.put_line(document, outer, severity, number)
    places.put_line(document, outer, "Vulnerabilities", ", ".join(f"{key}: {value}" for key, value in counts.items()))
    places.put_line(document, outer, "Known Vulnerabilities", facts["known"])
    places.put_line(document, outer, "(?:Security )?Review(?: Status)?", facts["review"])
    places.put_line(document, outer, "Security Review Date", facts["reviewed"])


def _documents(document: Document, shown: Mapping[str, bool | None]) -> None:
    outer = places.section(document, r"^documentation status")
    for index, text in document.live(outer.start, outer.stop) if outer else ():
        match = _BOX.match(text)
        key = next((k for k, how in _DOCUMENTS.items() if match and re.match(how, match["text"], re.IGNORECASE)), None)
        if match and key and shown.get(key) is not None and shown[key] != (match["tick"] != " "):
            document.replace(index, f"{match['lead']}{'x' if shown[key] else ' '}{match['rest'].rstrip()}")


def _monitoring(document: Document, facts: Mapping[str, Any]) -> None:
    outer = places.section(document, r"^monitoring")
    if outer is None or not facts:
        return
    endpoint = f"`{facts['endpoint']}`" if facts.get("endpoint") else "N/A"
    places.put_line(document, outer, "Health Endpoint", endpoint)
    for title, label, key in (
        ("^health checks?", "Endpoint", None),
        ("^health checks?", "Status", "health"),
        ("^alerts?", "Alert Status", "alerts"),
    ):
        inner = places.section(document, title, outer)
        if inner and (key is None or facts.get(key) is not None):
            places.put_line(document, inner, label, endpoint if key is None else _WORDS[facts[key]])


def _rollback(document: Document, facts: Mapping[str, Any]) -> None:
    outer = places.section(document, r"^rollback")
    if outer is None or not facts:
        return
    places.put_line(document, outer, "Last (?:Rollback )?Test", facts["tested"])
    places.put_line(document, outer, "Rollback Documentation", f"`{facts['document']}`")


def _blockers(document: Document, facts: Mapping[str, Any] | None, name: str) -> None:
    if facts is None:
        return
    for stage in ("Staging", "Production"):
        own, inside = facts[stage.lower()], fields.criteria_section(document, name, stage)
        if inside:
            _ = places.put_list(document, inside, "Blockers", own, OWNED) or places.put_line(
                document, inside, "Blockers", "; ".join(own) or "None"
            )
    outer = places.section(document, r"^(?:current )?blockers$")
    for title, key in (("^active blockers", "active"), ("^resolved blockers", "resolved")):
        inner = places.section(document, title, outer) if outer else None
        if inner:
            places.put_items(document, inner, OWNED, facts[key])


def _demotions(document: Document, demotions: list[str], name: str) -> None:
    history = fields.history_section(document, name)
    if history is None or not demotions:
        return
    inner = places.section(document, "^demotions", history)
    if inner:
        places.put_items(document, inner, r"^\s*[-*+]\s.*\bDemoted to\b|^\s*(?:[-*+]\s+)?None\.?\s*$",
                         [f"- {each}" for each in demotions])  # fmt: skip
    elif not places.put_line(document, history, "Demotions", "; ".join(demotions)):
        known = {text.strip() for _, text in document.live(history.start, history.stop)}
        new = [f"- {each}" for each in demotions if f"- {each}" not in known]
        document.insert(document.end_of_list(history) + 1, *new)
