"""Carbon, its artifacts, and what gates say of them."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

FIRST, SECOND = "1" * 64, "2" * 64
GATES = {
    "staging": {"unit-tests": "unit-coverage", "code-quality": "lint", "readme": "readme"},
    "production": {"integration-tests": "integration-coverage", "uptime": "uptime", "rollback": "rollback-rehearsed"},
}
MATURITY = """# Carbon\r
\r
**Current Stage**: Development\r
**Last Updated**: 2026-01-01\r
\r
### Development → Staging\r
- [ ] Unit tests passing\r
- [ ] Passes lint (ruff)\r
- [ ] Component README\r
\r
### Staging → Production\r
- [ ] Integration tests passing\r
- [ ] 7-day uptime in staging\r
- [ ] Rollback procedure documented and tested\r
\r
## Blockers\r
\r
### Active Blockers\r
None\r
\r
### Resolved Blockers\r
None\r
\r
## Promotion History\r
\r
- 2026-01-01: Created\r
"""


def operation(root: Path, verb: str, target: str, tree: str, **more: Any) -> dict[str, Any]:
    """The operation of a run that begins now."""
    state = str(root / "state")
    facts = {
        "verb": verb,
        "component": "carbon",
        "components": {"carbon": {}, "redis": {}},
        "entry": {
            "group": "Monitoring & Operations", "owner": "theinterneti", "depends": ["redis"], "tests": {},
            "readme": "README.md", "maturity": "MATURITY.md", "rollback": "docs/carbon_ROLLBACK.md",
            "sla": {"p95_ms": 150}, "docs": {}, "monitoring": {}, "health": {"http": "/health"},
        },
        "settings": {"status_page": "docs/STATUS.md", "tracker": {"labels": ["component-promotion"]}},
        "target": target,
        "stage_wanted": target,
        "artifact": {"component": "carbon", "commit": tree[:40], "tree": tree},
        "actor": "Jane <jane@example.org>",
        "reason": "",
        "run": f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{uuid.uuid4().hex[:6]}",
        "asked_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "environments": {name: {"name": name, "state": state, "hosts": [name]} for name in GATES},
        "monorepo": str(root / "monorepo"),
        "operator_state": str(root / "operator"),
        **dict.fromkeys(("fix", "severity", "type", "description", "criteria"), ""),
        "issue": None,
    }  # fmt: skip
    return {**facts, **more}


def judgement(asked: dict[str, Any], failing: tuple[str, ...]) -> dict[str, Any]:
    """What the gates of the stage say; those in `failing` say no."""
    verdict = {gate: "fail" if gate in failing else "pass" for gate in GATES[asked["stage_wanted"]].values()}
    criteria = [
        {
            "criterion": criterion, "title": criterion.capitalize(), "verdict": verdict[gate], "attested": False,
            "gates": [{
                "gate": gate, "verdict": verdict[gate], "found": "60 %", "wanted": ">= 70 %", "by_hand": "pytest",
                "remedy": "Test more.", "cause": "", "waiver": None, "warning": None, "earned": asked["asked_at"],
            }],
        }
        for criterion, gate in GATES[asked["stage_wanted"]].items()
    ]  # fmt: skip
    met = sum(each == "pass" for each in verdict.values())
    return {
        "criteria": criteria,
        "verdicts": [
            {"gate": gate, "criterion": criterion, "verdict": verdict[gate], "found": 60.0, "examined": 10,
             "earned": asked["asked_at"], "attested": None}
            for criterion, gate in GATES[asked["stage_wanted"]].items()
        ],
        "met": f"{met}/{len(verdict)}",
        "promotable": not failing,
        "coverage": {"unit": 76.1} if asked["stage_wanted"] == "staging" else {"integration": 83.0},
        "evidence": {"path": "", "root_sha256": "ab" * 32},
        "pages": {},
    }  # fmt: skip
