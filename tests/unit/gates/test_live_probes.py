"""Health and metrics of a component that runs: what its answers are worth."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import live_probes

GOOD = {"ok": True, "error": None, "body": '{"status": "ok"}', "ms": 2.0}
PAGE = '# TYPE a_total counter\na_total 1.0\n# TYPE b gauge\nb{c="d"} 2\nb{c="e"} 3\n'


def health(*samples: dict[str, Any], expect: str | None = "status == 'ok'") -> dict[str, Any]:
    answers = iter(samples)
    return live_probes.health(lambda: next(answers), expect, "/health", len(samples))


def test_probes_are_counted_and_timed() -> None:
    found = health(GOOD, {**GOOD, "ms": 4.0}, {**GOOD, "ms": 9.0})
    assert (found["asked"], found["met"], found["unmet"], found["findings"]) == (3, 3, 0, [])
    assert found["latency_ms"] == {"median": 4.0, "longest": 9.0}


@pytest.mark.parametrize(
    ("sample", "expect", "reason"),
    [
        ({"ok": False, "error": "answers HTTP 503", "body": "", "ms": 1.0}, None, "answers HTTP 503"),
        ({**GOOD, "body": '{"status": "down"}'}, "status == 'ok'", "status == 'ok' gives false"),
        ({**GOOD, "body": '{"status": "down"}'}, "status", 'status gives "down"'),
        ({**GOOD, "body": "<html>"}, "status == 'ok'", "the answer is no JSON"),
        (GOOD, "status ==", "'status ==' is not JMESPath: "),
    ],
)
def test_one_probe_that_is_not_as_expected_is_a_finding(
    sample: dict[str, Any], expect: str | None, reason: str
) -> None:
    found = health(sample, {**sample}, expect=expect)
    assert (found["met"], found["unmet"]) == (0, 2)
    assert found["findings"][0].startswith(f"/health: 2 of 2 times {reason}")


def test_metrics_are_parsed_and_counted() -> None:
    found = live_probes.metrics(200, "text/plain; version=0.0.4", PAGE, "/metrics")
    assert (found["families"], found["samples"], found["findings"]) == (2, 3, [])


@pytest.mark.parametrize(
    ("status", "kind", "page", "finding"),
    [
        (404, "text/plain", "", "/metrics answers HTTP 404"),
        (200, "text/plain", "a_total one\n", "/metrics cannot be parsed: "),
        (200, "text/plain", "<html></html>\n", "/metrics cannot be parsed: "),
        (200, "text/plain", "# only a comment\n", "/metrics has no samples"),
        (200, "application/openmetrics-text; version=1.0.0", "a 1.0\n", "/metrics cannot be parsed: "),  # no # EOF
    ],
)
def test_metrics_that_do_not_parse_are_a_finding(status: int, kind: str, page: str, finding: str) -> None:
    found = live_probes.metrics(status, kind, page, "/metrics")
    assert found["findings"][0].startswith(finding)
    assert found["lines"] > 0
    assert found["samples"] == 0


def test_an_empty_page_examines_nothing() -> None:
    assert live_probes.metrics(200, "text/plain", "\n\n", "/metrics")["lines"] == 0


def test_what_was_not_asked_says_why() -> None:
    assert live_probes.not_asked("no port")["problems"] == ["no port"]
    assert live_probes.not_asked(statement="nothing to ask") == {
        "asked": 1,
        "unmet": 0,
        "lines": 1,
        "findings": [],
        "statement": "nothing to ask",
        "problems": [],
    }
