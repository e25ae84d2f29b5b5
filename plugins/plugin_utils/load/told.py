"""What the terminal shows of a load test. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HEADLINES = {"pass": "BORNE", "fail": "NOT BORNE", "inconclusive": "NOTHING FOLLOWS from the load test of"}


def report(operation: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return headline, outcome, rows and what to type next."""
    component, verdict = operation["component"], data["verdict"]
    found = [*data["problems"]] if verdict == "inconclusive" else [*data["missed"], *data["regressions"]]
    if data["failed"]:
        found.append(f"{data['failed']} of {data['requests']} requests failed: {_first(data.get('failures') or {})}")
    rows = [["load", f"{data['users']} users, {data['rate']:g} more a second"]]
    if data["requests"]:
        rows += [
            [
                "latency",
                f"p50 {data['p50_ms']:g}, p95 {data['p95_ms']:g}, p99 {data['p99_ms']:g} ms from the intended start",
            ],
            [
                "answered",
                f"{data['throughput_rps']:g} a second, {data['error_rate']:.2%} failed, {data['requests']} in all",
            ],
        ]
    if data.get("cpu") is not None:
        rows.append(["used", f"{data['cpu']:g} % of a core, {data['memory_mb']:g} MB at most"])
    if data.get("compared_with"):
        rows.append(["compared", f"with the last run that passed, {data['compared_with']}"])
    rows += [["found", said] for said in found]
    again = f"ansible-playbook load-test.yml -e component={component}"
    judged = f"ansible-playbook gates.yml -e component={component} -e stage=production -e gates=performance,load"
    return {
        "headline": f"{_HEADLINES[verdict]} {component} on {operation['target']}",
        "outcome": "done" if verdict == "pass" else "failed",
        "criteria": [],
        "rows": rows,
        "next": [judged if verdict == "pass" else again],
    }


def _first(failures: Mapping[str, int]) -> str:
    return next(iter(failures), "no reason was given")
