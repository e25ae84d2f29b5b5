"""Small folders of evidence, written as a run writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils.gates import definition, evidence
from ansible_collections.tta.ops.plugins.plugin_utils.gates.baseline import Baseline
from ansible_collections.tta.ops.plugins.plugin_utils.gates.definition import Gate
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judge import Judged
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.process import Finished
from ansible_collections.tta.ops.plugins.plugin_utils.gates.verdict import verdict
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from definitions import ONE, lint

RUN = "20261120T084501Z-abc123"
EARNED = datetime(2026, 11, 20, 8, 45, 1, tzinfo=UTC)
DEFINITIONS = [
    lint(),
    lint(name="size", measure="size", objective="<= +10%", baseline={"results": 3}, after=["lint"], valid_hours=24),
]


def gates() -> list[Gate]:
    return definition.check(DEFINITIONS, ONE, KNOWN)


def operation(component: str = "carbon", run: str = RUN, **more: Any) -> dict[str, Any]:
    artifact = {"schema": 1, "component": component, "commit": "c" * 40, "tree": "t1", "images": {}, "built": None}
    return {
        "run": run,
        "verb": "promote-staging",
        "component": component,
        "stage_wanted": "staging",
        "actor": "Jane <jane@example.org>",
        "reason": "",
        "asked_at": "2026-11-20T08:45:00Z",
        "artifact": artifact,
        **more,
    }


def judged(gate: Gate, document: Any, artifact: Mapping[str, Any], earned: datetime = EARNED) -> Judged:
    ended = Finished(("ruff", "check", "a.py"), 0, "[]\n", "warning: é\n", 0.12, "exit")
    measurement = Measurement(
        document=document, commands=(ended,), reports={"raw.txt": "one\ntwo\n"}, tools={"ruff": "1.2"}
    )
    baseline = Baseline("avg", 100.0, (("earlier-1", 90.0), ("earlier-2", 110.0))) if gate.is_relative else None
    made = verdict(gate, measurement, artifact, "ruff check a.py", earned, 0.3, baseline)
    return Judged(gate, made, measurement)


def write(root: Path, run: str = RUN, *, component: str = "carbon", size: float = 104.5, **keys: str | None) -> Path:
    """Write the evidence of a run into `root`; `keys` are what the verdicts depend on."""
    about = operation(component, run)
    document = {"exit": 0, "out": [], "files": ["a.py"], "size": size}
    made = [judged(gate, document, about["artifact"]) for gate in gates()]
    evidence.write(root / run, about, DEFINITIONS, made, keys=keys, started=EARNED)
    return root / run
