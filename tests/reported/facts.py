"""A component's gates, verdicts and past runs, for tests of reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria, definition, report
from ansible_collections.tta.ops.plugins.plugin_utils.gates.definition import Gate
from ansible_collections.tta.ops.plugins.plugin_utils.gates.history import PastRun
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judge import Judged
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from ansible_collections.tta.ops.plugins.plugin_utils.reports import model, survey

STAGING = criteria.of_stage("staging")
HOST = {"schema": 1, "node": "desk", "system": "Linux", "cores": 2, "python": "3.11.7", "packages": ["pip-26.3"]}
RUN = "20261120T084501Z-1a2b3c"
WAIVER = {"owner": "Jane Doe", "reason": "the vendor mends it in 2.1", "until": "2026-12-31"}
_GATES = [
    ("features", "core-features", ">= 80", "% ticked", "features", 83.3),
    ("unit-tests", "unit-tests", "== 0", "failed", "tests", 0),
    ("unit-coverage", "unit-tests", ">= 70 and >= -5%", "%", "statements", 76.12),
    ("api-documented", "api", "== 0", "undocumented", "public names", 0),
    ("lint", "code-quality", "== 0", "findings", "files", 0),
    ("types", "code-quality", "== 0", "errors and warnings", "files", 0),
    ("security", "code-quality", "== 0", "findings of medium or high severity", "lines", 0),
    ("readme", "readme", "== 0", "findings", "places", 0),
    ("dependencies-stable", "dependencies", "== 0", "below the stage wanted", "", 0),
    ("integration-tests", "integration", "== 0", "failed", "tests", 0),
    ("compose-file", "deployability", "== 0", "findings", "services", 0),
]


def gates() -> list[Gate]:
    """One gate or more for each criterion of Development → Staging."""
    definitions = [
        {
            "name": name,
            "criterion": criterion,
            "indicator": {"type": "command", "steps": [["true"]]},
            "measure": "x",
            "examined": "x",
            "objective": objective,
            "unit": unit,
            "of": of,
            "remedy": f"Mend what {name} found.",
        }
        for name, criterion, objective, unit, of, _ in _GATES
    ]
    return definition.check(definitions, STAGING, KNOWN)


def verdict(gate: str, **changes: Any) -> dict[str, Any]:
    """A passing verdict of a gate, with changes."""
    _, criterion, objective, _, _, found = next(each for each in _GATES if each[0] == gate)
    facts: dict[str, Any] = {
        "schema": 1,
        "gate": gate,
        "gate_sha256": "5a" * 32,
        "criterion": criterion,
        "artifact": {"component": "carbon", "commit": "f" * 40, "tree": "0123456789ab" + "c" * 52},
        "verdict": "pass",
        "found": found,
        "wanted": objective,
        "examined": 120,
        "cause": "",
        "statement": "",
        "remedy": f"Mend what {gate} found.",
        "by_hand": f"cd monorepo && {gate} src/components/carbon",
        "tools": {"pytest": "9.2.0"} if "tests" in gate else {},
        "files": {f"gates/{gate}/{name}": "ab" * 32 for name in ("command.json", "document.json", "stderr", "stdout")},
        "earned": "2026-11-20T08:45:31Z",
        "expires": None,
        "reused_from": None,
        "waiver": None,
        "warning": None,
        "baseline": None,
        "attested": {"by": "Jane Doe", "at": "2026-11-19"} if gate == "features" else None,
        "seconds": 1.25,
    }
    return {**facts, **changes}


def verdicts(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """All gates' verdicts; ``unit_coverage={...}`` changes that gate's."""
    return [verdict(each[0], **changes.get(each[0].replace("-", "_"), {})) for each in _GATES]


FAILING: dict[str, dict[str, Any]] = {
    "unit_coverage": {
        "verdict": "fail",
        "found": 60.27,
        "examined": 73,
        "cause": "src/components/carbon/meter.py: 49.12 %, not run: 42-43, 45-46, 50-52, 56, 60-71, 75-81, 83-84",
    },
    "lint": {
        "verdict": "fail",
        "found": 7,
        "cause": "src/components/carbon/meter.py:6: F401 `os` imported but unused\n"
        "src/components/carbon/meter.py:9: UP035 `typing.List` is deprecated, use `list` instead",
    },
    "types": {"verdict": "inconclusive", "found": None, "examined": None, "cause": "pyright ended by signal 9"},
}
WAIVED: dict[str, dict[str, Any]] = {
    "security": {"verdict": "fail", "found": 1, "cause": "meter.py:12: B301 pickle", "waiver": WAIVER},
    "dependencies_stable": {"warning": "no earlier passing result to compare with"},
    "unit_coverage": {
        "baseline": {
            "aggregate": "avg",
            "value": 75.5,
            "results": [{"run": "a", "found": 75}, {"run": "b", "found": 76}],
        },
    },
    "unit_tests": {"reused_from": "20261119T090000Z-aaaaaa", "earned": "2026-11-19T09:00:20Z"},
    "readme": {"expires": "2026-11-21T08:45:31Z"},
}


def past(number: int = 8) -> list[PastRun]:
    """Runs before this one, newest first; coverage rises, and one run could not tell."""
    runs = []
    for days in range(1, number + 1):
        at = f"2026-11-{20 - days:02}T08:00:00Z"
        changes = {"found": 76 - 1.7 * days, "verdict": "pass" if 76 - 1.7 * days >= 70 else "fail"}
        if days == 5:
            changes = {"found": None, "verdict": "inconclusive"}
        said = verdicts(unit_coverage={**changes, "earned": at}, lint={"found": days // 2, "earned": at})
        runs.append(PastRun(f"202611{20 - days:02}T080000Z-{days:06x}", at, "staging", said, Path(), {}))
    return runs


def operation(**changes: Any) -> dict[str, Any]:
    """Carbon on its way to staging."""
    facts = {
        "verb": "gates",
        "component": "carbon",
        "stage_wanted": "staging",
        "entry": {"group": "Monitoring & Operations", "owner": "theinterneti"},
        "artifact": {"component": "carbon", "commit": "f" * 40, "tree": "0123456789ab" + "c" * 52},
        "dirty": [],
        "actor": "Jane <jane@example.org>",
        "reason": "",
        "run": RUN,
        "asked_at": "2026-11-20T08:45:01Z",
        "operator_state": "/home/jane/.local/state/tta-ops",
    }
    return {**facts, **changes}


def document(
    said: list[dict[str, Any]] | None = None,
    runs: list[PastRun] | None = None,
    left_out: tuple[str, ...] = (),
    evidence: dict[str, str] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """The document of a judgement; without arguments one that passes."""
    said = verdicts() if said is None else said
    asked = tuple(
        replace(each, left_out=tuple(name for name in left_out if verdict(name)["criterion"] == each.name))
        for each in STAGING
    )
    kept = evidence or {"path": f"/home/jane/.local/state/tta-ops/evidence/{RUN}", "root_sha256": "cd" * 32}
    return model.build(operation(**changes), asked, said, gates(), kept, past() if runs is None else runs, host=HOST)


def verification(found: int) -> dict[str, Any]:
    """The document of a release that was tested where it was deployed."""
    raw = {
        "name": "where",
        "criterion": "verified",
        "indicator": {"type": "command", "steps": [["true"]]},
        "measure": "x",
        "examined": "x",
        "objective": "== 0",
        "remedy": "Mend it.",
    }
    said = verdict("lint", found=found, verdict="fail" if found else "pass") | {
        "gate": "where",
        "criterion": "verified",
    }
    judging = definition.check([raw], criteria.VERIFIED, KNOWN)
    kept = {"path": f"/home/jane/.local/state/tta-ops/verification/{RUN}", "root_sha256": "cd" * 32}
    return model.build(operation(verb="promote-staging"), criteria.VERIFIED, [said], judging, kept, [])


def judgement(said: list[dict[str, Any]], component: str) -> dict[str, Any]:
    """What judging a component returns, as far as a survey looks at it."""
    judged = [Judged(gate, each, Measurement()) for gate, each in zip(gates(), said, strict=True)]
    number, of = criteria.met(STAGING, said)
    return {
        "criteria": report.criteria_rows(STAGING, judged, "again", said),
        "met": f"{number}/{of}",
        "promotable": criteria.promotable(STAGING, said),
        "evidence": {"path": f"/home/jane/.local/state/tta-ops/evidence/{RUN}-{component}", "root_sha256": "cd" * 32},
        "pages": {"html": f"/home/jane/.local/state/tta-ops/reports/{RUN}-{component}/report.html"},
    }


def surveyed() -> list[survey.Surveyed]:
    """Five components: two judged no, one waived, one that could not be judged, one in production."""
    one = {"unit_coverage": FAILING["unit_coverage"]}
    known = [
        ("redis", "production", None, None, ""),
        ("gameplay_loop", "development", "staging", judgement(verdicts(**FAILING), "gameplay_loop"), ""),
        ("narrative_coherence", "development", "staging", judgement(verdicts(**one), "narrative_coherence"), ""),
        ("carbon", "development", "staging", judgement(verdicts(**WAIVED), "carbon"), ""),
        ("postgres", "staging", "production", None, "postgres has uncommitted files: Dockerfile"),
    ]
    return [
        survey.Surveyed(name, stage, wanted, judged, "Monitoring & Operations", "theinterneti", problem)
        for name, stage, wanted, judged, problem in known
    ]


def survey_document(found: list[survey.Surveyed] | None = None) -> dict[str, Any]:
    """The document of a survey of them."""
    return survey.build(operation(component=""), surveyed() if found is None else found)
