"""An operation, its judgement and its ledger, for tests."""

from __future__ import annotations

from typing import Any

TREE = "0123456789ab" + "c" * 52
TITLES = {
    "core-features": "Core features complete",
    "unit-tests": "Unit tests and coverage",
    "api": "API documented, no breaking changes",
    "code-quality": "Code quality and security",
    "readme": "README with usage examples",
    "dependencies": "Dependencies identified and stable",
    "integration": "Integrates in development",
    "deployability": "Can be deployed",
}
WORD = {"by": "Jane Doe", "at": "2026-11-19T10:00:00Z"}
STAGES = {"carbon": "development", "redis": "production", "gameplay_loop": "development"}


def operation(**changes: Any) -> dict[str, Any]:
    """Carbon on its way to staging."""
    facts = {
        "verb": "promote-staging",
        "component": "carbon",
        "components": {name: {} for name in STAGES},
        "entry": {
            "group": "Monitoring & Operations",
            "owner": "theinterneti",
            "depends": ["redis"],
            "readme": "src/components/carbon/README.md",
            "maturity": "src/components/carbon/MATURITY.md",
            "rollback": "docs/operations/carbon_ROLLBACK.md",
        },
        "stage_wanted": "staging",
        "artifact": {"component": "carbon", "commit": "f" * 40, "tree": TREE},
        "actor": "Jane <jane@x>",
        "reason": "",
        "run": "20261120T084501Z-1a2b3c",
        "asked_at": "2026-11-20T08:45:01Z",
        "environments": {"staging": {"name": "staging", "hosts": ["staging-1"], "state": "/var/lib/tta-ops"}},
    }
    return {**facts, **changes}


def judgement(**changes: Any) -> dict[str, Any]:
    """Seven of seven."""
    criteria = [
        {
            "criterion": name,
            "title": title,
            "verdict": "pass",
            "attested": name == "core-features",
            "gates": [
                {"gate": f"{name}-gate", "verdict": "pass", "found": "76.1 %", "wanted": ">= 70", "by_hand": "pytest"}
            ],
        }
        for name, title in TITLES.items()
    ]
    facts = {
        "criteria": criteria,
        "verdicts": [{"criterion": "core-features", "attested": WORD}, {"criterion": "api", "attested": None}],
        "met": "7/7",
        "coverage": {"unit": 76.1},
        "evidence": {"path": "/evidence", "root_sha256": "ab" * 32},
    }
    return {**facts, **changes}


def waived(waiver: dict[str, str] | None = None) -> dict[str, Any]:
    """Six of seven: one waived, one with a warning, one with a verdict of an earlier run."""
    judged = judgement(met="6/7", pages={"html": "/home/jane/report.html"})
    known = waiver or {"owner": "Jane Doe", "reason": "the vendor mends it", "until": "2026-12-31"}
    judged["criteria"][3] |= {"verdict": "fail", "state": "waived", "waived": True}
    judged["criteria"][3]["gates"][0] |= {"verdict": "fail", "found": "1 finding", "waiver": known}
    judged["criteria"][5]["gates"][0] |= {"warning": "3 are outdated"}
    judged["criteria"][4]["gates"][0] |= {"reused_from": "20261119T090000Z-aaaaaa", "earned": "2026-11-19T09:00:20Z"}
    return judged


def promoted(seq: int = 3, at: str = "2026-11-20T08:50:00Z", **changes: Any) -> dict[str, Any]:
    """The ledger's event of that promotion."""
    facts = {
        "seq": seq,
        "at": at,
        "event": "promoted",
        "environment": "staging",
        "component": "carbon",
        "artifact": {"component": "carbon", "commit": "f" * 40, "tree": TREE},
        "actor": "Jane <jane@x>",
        "reason": None,
        "run": "20261120T084501Z-1a2b3c",
        "data": {
            "met": "7/7",
            "criteria": [
                {"criterion": name, "verdict": "pass", "attested": WORD if name == "core-features" else None}
                for name in TITLES
            ],
            "coverage": {"unit": 76.1},
            "run": "20261120T084501Z-1a2b3c",
            "evidence_root": "ab" * 32,
        },
    }
    return {**facts, **changes}
