"""MATURITY.md files of all kinds: in the order and style of many hands, with every place that the template has."""

from __future__ import annotations

from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils.maturity.write import Promotion
from hypothesis import strategies as st
from maturity_documents import SEVEN

EIGHT = (
    "integration-tests",
    "performance",
    "security-review",
    "uptime",
    "documentation",
    "monitoring",
    "rollback",
    "load",
)
TO_STAGING = (
    "Core features complete",
    "Unit tests passing",
    "API documented",
    "Passes lint (ruff)",
    "Component README",
)
TO_PRODUCTION = (
    *("Integration tests passing", "Performance validated", "Security review completed", "7-day uptime in staging"),
    *("Rollback procedure documented and tested", "Handles expected production load"),
)
NAMES = st.sampled_from(["Jane Doe", "Jo Ng", "Zoë Ångström", "A (B) C"])
DAYS = st.sampled_from(["2020-01-01", "2026-02-28", "2026-11-20", "2039-12-31"])
RUNS = st.sampled_from(["20261120T084501Z-1a2b3c", "20270101T000000Z-ffffff", "20200101T000000Z-000000"])
NOTES = st.sampled_from([
    [], ["", "", "Two  spaces and a tab\there.  "], ["naïve – “quoted” 漢字 🚀", "\u00a0\u2003odd blanks\u200b"],
    ["    indented code with **Current Stage** in it"], ["> **Note** it is not: a field", "| a table", "|---"],
    ["<!-- a comment", "**Current Stage**: Production", "-->", "after"], ["\x0b vertical", "a\x0cform feed", "\x1f"],
])  # fmt: skip
HEADER = ["# X", "", "**Current Stage**: Development", "**Last Updated**: 2025-01-01", "**Owner**: me"]
TABLES = [
    ["## Performance", "", "| Metric | Current | SLA |", "| --- | --- | --- |", "| p95 | not measured | ≤150 ms |",
     "| Throughput | 3 | — |", "| Uptime over 7 days | not measured | ≥99.5% |", "| Own metric | 12 | — |"],
    ["## Test Coverage", "", "| Kind | Coverage | Test Files |", "| --- | --- | --- |", "| Unit | 1% | `old.py` |",
     "| End to end | not measured | — |", "| Fuzz | 80% | mine |"],
    ["## Security Status", "", "**Last Scan**: never", "**Vulnerabilities**: unknown", "**Review**: pending",
     "**Contact**: me"],
]  # fmt: skip
LINES = [
    ["## Performance Metrics", "", "### Current Performance (Staging)", "", "**Response Time**:", "- p50: XXms",
     "- p95: XXms", "", "**Throughput**: XX req/s", "", "**Uptime**: XX.X% (over X days)", "",
     "### SLA Targets (Production)", "", "- p50: <10ms", "**Throughput**: >5 req/s"],
    ["## Test Coverage", "", "### Unit Tests", "", "**Coverage**: 12%", "", "**Test Files**:", "- `tests/old.py`", "",
     "**Key Test Scenarios**:", "- Scenario 1", "", "### E2E Tests", "", "**Test Files**:", "- `e2e.py`"],
    ["## Security Status", "", "**Last Security Scan**: 2020-01-01", "", "- Critical: 3", "- Low: 9", "",
     "**Known Vulnerabilities**: None", "", "**Security Review Date**: N/A"],
]  # fmt: skip
OTHERS = [
    ["## Documentation Status", "", "- [x] Component README", "- [ ] API Documentation", "- [x] Architecture"],
    ["## Monitoring & Observability", "", "### Health Checks", "", "**Endpoint**: N/A", "**Status**: Not Configured",
     "", "### Logging", "", "**Log Level**: INFO"],
    ["## Promotion History", "", "- 2020-01-01: Created", "", "### Demotions", "", "None"],
    ["## Current Blockers", "", "### Active Blockers", "", "1. **Issue #7**: old", "   - **Status**: Open",
     "2. Written by hand", "", "### Resolved Blockers", "", "None"],
    ["## Rollback", "", "**Last Test**: never", "**Own**: line"],
    ["## Next Steps", "", "1. Something"],
    ["```", "**Current Stage**: Production", "## Next Steps", "- p50: 3ms", "```"],
]  # fmt: skip
OWNED = (
    "**Current Stage", "**Last Updated", "**Status", "**Current Coverage", "**Blockers", "| p95", "| Throughput",
    "| Uptime", "| Unit", "| End to end", "**Last Scan", "**Vulnerabilities", "**Review", "- p50: XX", "- p95: XX",
    "**Throughput**: XX", "**Uptime", "**Coverage", "- `", "**Last Security", "- Critical", "- Low", "**Known Vul",
    "**Security Review Date", "- [", "**Endpoint", "1. **Issue #7", "- Issue #", "   - **Status", "None", "**Last Test",
)  # fmt: skip
"""How the lines begin that a promotion may change; of boxes, those that it knows."""
PEOPLES_BOXES = ("- [x] Architecture", "- [ ] Mine")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A file with all places in one of two layouts, in any order, some of them missing, between people's text."""

    def boxes(texts: tuple[str, ...]) -> list[str]:
        return [f"- [{draw(st.sampled_from(' xX'))}] {text}" for text in texts]

    arrow = draw(st.sampled_from(["→", "->", "to"]))
    blockers = draw(
        st.sampled_from([["**Blockers**: None"], ["**Blockers**:", "- Issue #XXX: what", "- my own worry"], []])
    )
    criteria = [
        [f"### Development {arrow} Staging", "", *boxes(TO_STAGING), "- [ ] Mine", "", "**Status**: 0/7 criteria met",
         "**Current Coverage**: 1%", *blockers],
        [f"### Staging {arrow} Production", "", *boxes(TO_PRODUCTION), "", "**Status**: 0/8 criteria met"],
    ]  # fmt: skip
    sections = [*criteria, *draw(st.sampled_from([TABLES, LINES])), *OTHERS, ["## Notes", "", *draw(NOTES)]]
    kept = draw(st.permutations(sections))[: draw(st.integers(0, len(sections)))]
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [line for part in [HEADER, *kept] for line in [*part, ""]]
    blanks = draw(st.sampled_from(["", "  "]))
    text = newline.join(line + blanks if line else line for line in lines)
    return draw(st.sampled_from(["", "\ufeff"])) + text + draw(st.sampled_from(["", newline]))


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """What was measured, or not."""
    word = st.sampled_from(["12ms", "99.9% (over 7 days)", "3 req/s"])
    number = st.integers(1, 99)
    active = [f"1. **Issue #{draw(number)}**: what", "   - **Status**: Open"]
    return {
        "performance": draw(st.dictionaries(st.sampled_from(["p50", "p95", "throughput", "uptime", "cpu"]), word)),
        "coverage": draw(st.dictionaries(st.sampled_from(["unit", "integration"]), st.just(81.25))),
        "tests": draw(st.sampled_from([{}, {"unit": ["tests/a.py", "tests/b.py"], "e2e": ["tests/e"]}])),
        "security": draw(st.sampled_from([None, {
            "date": "2026-01-01", "counts": {"Critical": "0", "High": "0", "Medium": "0", "Low": "not counted"},
            "known": "None", "review": "Complete", "reviewed": "2026-01-01"}])),
        "documents": draw(st.dictionaries(st.sampled_from(["readme", "api"]), st.sampled_from([True, False, None]))),
        "monitoring": draw(st.sampled_from([{}, {"endpoint": "/health", "health": True, "alerts": None}])),
        "rollback": {"tested": draw(st.sampled_from(["never", "2026-01-01"])), "document": "docs/x.md"},
        "blockers": draw(st.sampled_from([None, {"staging": [], "production": [], "active": [], "resolved": []}, {
            "staging": ["Issue #3: what"], "production": [], "active": active,
            "resolved": ["1. **Issue #1**: old (Resolved: 2026-01-01)"]}])),
        "demotions": draw(st.sampled_from([[], ["2026-01-02: Demoted to Development (Reason: x)"]])),
        "actor": draw(st.sampled_from([None, "Jane Doe"])),
    }  # fmt: skip


@st.composite
def promotions(draw: st.DrawFn) -> Promotion:
    """A promotion to either stage, on all of its criteria or some."""
    stage, came_from, all_of = draw(
        st.sampled_from([("Staging", "Development", SEVEN), ("Production", "Staging", EIGHT)])
    )
    passed = draw(st.sets(st.sampled_from(all_of)))
    waivers = st.lists(st.tuples(DAYS, NAMES, NAMES), min_size=1, max_size=2).map(tuple)
    run = draw(RUNS)
    return Promotion(
        stage=stage,
        came_from=came_from,
        date=draw(DAYS),
        run=run,
        criteria=all_of,
        passed={key: draw(st.none() | st.tuples(NAMES, DAYS)) for key in all_of if key in passed},
        met=f"{len(passed)}/{len(all_of)}",
        coverage=draw(st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10)),
        earliest_production=draw(st.none() | DAYS) if stage == "Staging" else None,
        waived={key: draw(waivers) for key in all_of if key not in passed and draw(st.booleans())},
        numbers=draw(st.sampled_from([{}, {run: 12}])),
        facts=draw(st.none() | facts()),
    )
