"""What a component that runs answers: is its health as the catalogue expects, and do its metrics parse? Pure.

A sample is `{ok, error, body, ms}`, as of `module_utils/host/probe.py`.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import jmespath
import jmespath.exceptions

PROBES = 10
Ask = Callable[[], Mapping[str, Any]]


def health(ask: Ask, expect: str | None, what: str, probes: int = PROBES) -> dict[str, Any]:
    """Return `{asked, met, unmet, latency_ms: {median, longest}, findings}` of so many probes of `what`, one by one."""
    samples = [ask() for _ in range(probes)]
    reasons = [reason for reason in (_unmet(sample, expect) for sample in samples) if reason]
    times = [float(sample["ms"]) for sample in samples]
    median, longest = round(statistics.median(times), 1), round(max(times), 1)
    return {
        "asked": len(samples),
        "met": len(samples) - len(reasons),
        "unmet": len(reasons),
        "latency_ms": {"median": median, "longest": longest},
        "findings": [
            f"{what}: {reasons.count(reason)} of {len(samples)} times {reason}" for reason in dict.fromkeys(reasons)
        ],
        "problems": [],
        "statement": f"all {len(samples)} as expected, median {median:g} ms, longest {longest:g} ms",
    }


def metrics(status: int, content_type: str, page: str, what: str) -> dict[str, Any]:
    """Return `{lines, families, samples, findings}` of a page of metrics, parsed by Prometheus's own library."""
    lines = [line for line in page.splitlines() if line.strip()]
    found: dict[str, Any] = {"lines": len(lines), "families": 0, "samples": 0, "findings": [], "problems": []}
    if status != 200:
        return {**found, "lines": max(1, len(lines)), "findings": [f"{what} answers HTTP {status}"], "statement": None}
    # loaded only here: it takes long, and most runs ask for no metrics
    module = "openmetrics.parser" if content_type.startswith("application/openmetrics-text") else "parser"
    parse = import_module(f"prometheus_client.{module}").text_string_to_metric_families
    try:
        families = list(parse(page))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:  # the library raises any of them
        reason = " ".join(str(error).split()) or type(error).__name__
        return {**found, "findings": [f"{what} cannot be parsed: {reason}"[:300]], "statement": None}
    samples = sum(len(family.samples) for family in families)
    findings = [] if samples else [f"{what} has no samples"]
    said = f"{samples} samples of {len(families)} metrics"
    return {**found, "families": len(families), "samples": samples, "findings": findings, "statement": said}


def not_asked(problem: str = "", statement: str | None = None) -> dict[str, Any]:
    """Return the document of what was not asked: for a `problem`, or because there is nothing to ask, as stated."""
    nothing: dict[str, Any] = {"asked": 1, "unmet": 0, "lines": 1, "findings": [], "statement": statement}
    return {**nothing, "problems": [problem] if problem else []}


def _unmet(sample: Mapping[str, Any], expect: str | None) -> str:
    """Return why a sample is not what was expected, empty when it is."""
    if not sample["ok"]:
        return str(sample["error"])
    if not expect:
        return ""
    try:
        found = jmespath.search(expect, json.loads(sample["body"] or ""))
    except jmespath.exceptions.JMESPathError as error:
        return f"{expect!r} is not JMESPath: {' '.join(str(error).split())}"
    except ValueError:
        return "the answer is no JSON"
    return "" if found is True else f"{expect} gives {json.dumps(found)}"
