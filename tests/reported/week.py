"""A week as a recorder would have told it: with everything that may happen in one."""

from __future__ import annotations

import math
from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host.recorder import findings, report, sentence, slots, windows
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.slots import (
    DAY,
    DOWN,
    MAINTENANCE,
    UNKNOWN,
    UP,
    Span,
)

BEGIN = int(windows.moment("2026-11-12T09:20:00Z") // 60)
HOSTILE = "<script>alert('x')</script> & ${PASSWORD}"


def week(component: str = "carbon", **more: Any) -> dict[str, Any]:
    """A week in which the recorder was off for five hours, with a short outage, maintenance and a deploy."""
    end = BEGIN + 7 * DAY
    lost = [
        Span(BEGIN + 700, BEGIN + 712, DOWN, "http://127.0.0.1:8080/health gives HTTP 503"),
        Span(BEGIN + 3 * DAY, BEGIN + 3 * DAY + 300, UNKNOWN, "the recorder was off"),
        Span(BEGIN + 5 * DAY, BEGIN + 5 * DAY + 90, MAINTENANCE, "new disks"),
    ]
    known, at = [], BEGIN
    for one in lost:
        known += [Span(at, one.begin, UP), one]
        at = one.end
    spans = slots.spans(BEGIN, end, [*known, Span(at, end, UP)])
    found = slots.uptime(spans)
    error = {
        "fingerprint": "f1", "severity": "error", "kind": "traceback", "exception": "ValueError", "text": HOSTILE,
        "count": 7, "first": BEGIN + 90, "last": BEGIN + 900, "state": "new",
        "said": "the release before did not have it",
    }  # fmt: skip
    hours = [
        [slot, 9 + math.sin(slot), 20 + 5 * math.sin(slot / 99), 60.0 + slot % 37, 1.5, 42.0 + (slot - BEGIN) / 4000]
        for slot in range(BEGIN - BEGIN % 60, end, 60)
        if not 3 * DAY <= slot - BEGIN < 3 * DAY + 300
    ]
    days = [
        {"date": windows.text_of(day * DAY * 60)[:10], **counts} for day, counts in sorted(slots.by_day(spans).items())
    ]
    told = {
        "schema": 1, "environment": "staging", "component": component, "active": True, "stopped": None,
        "started": windows.text_of(BEGIN * 60), "at": windows.text_of(end * 60), "alike": report.ALIKE,
        "artifact": {"tree": "a" * 64, "commit": "c" * 40}, "release": 3, "since": windows.text_of(BEGIN * 60),
        "promoted": windows.text_of(BEGIN * 60), "begin": BEGIN, "end": end, "slots": found.expected, "up": found.up,
        "down": found.down, "unknown": found.unknown, "maintenance": found.maintenance, "uptime_percent": found.lower,
        "upper_percent": found.upper, "verdict": found.verdict(), "budget": found.budget(), "left": found.left(),
        "earliest": "2026-11-22T13:30:00Z", "cause": report.cause(found, spans), "days": days,
        "spans": slots.told(spans),
        "hours": hours, "errors": [error], "notes": [], "trouble": [],
        "measured": {"samples": found.up, "p50_ms": 9.0, "p95_ms": 24.0, "p99_ms": 90.0},
        "readings": {"energy_kwh": {"count": 600, "min": 0.001, "max": 0.42, "first": 0.001, "last": 0.42},
                     "emissions_kg": {"count": 600, "min": 0.0004, "max": 0.16, "first": 0.0004, "last": 0.16}},
        "events": [
            {"at": "2026-11-12T09:20:00Z", "event": "deployed", "release": 3, "rehearsal": False, "rejected": False},
            {"at": "2026-11-16T15:01:00Z", "event": "returned", "release": 2, "rehearsal": True, "rejected": False},
        ],
        "findings": {
            "logs": findings.made(10000, [f"7 × ValueError: {HOSTILE}"], []),
            "metrics": findings.made(10000, [], []),
            "tests": findings.made(6, [], ["2026-11-15: the integration tests were not run"]),
            "incidents": findings.made(1, [], []),
        },
        **more,
    }  # fmt: skip
    return {**told, "headline": sentence.headline(told)}


def nothing(component: str = "redis") -> dict[str, Any]:
    """A component of which nothing serves."""
    told = {
        "schema": 1, "environment": "staging", "component": component, "active": True, "stopped": None,
        "started": "2026-11-12T09:20:00Z", "at": "2026-11-19T09:20:00Z", "alike": report.ALIKE, "since": None,
        "artifact": None, "verdict": "inconclusive", "cause": f"nothing of {component} serves",
    }  # fmt: skip
    return {**told, "headline": sentence.headline(told)}
