"""The role's own catalogue of gates, and small gates for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria, definition
from ansible_collections.tta.ops.plugins.plugin_utils.gates.definition import Gate
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN

ROOT = Path(__file__).parents[3]
STAGING = criteria.of_stage("staging")
ONE = (criteria.Criterion("code-quality", "Code quality"),)


def catalogue() -> list[dict[str, Any]]:
    text = (ROOT / "roles/quality_gates/defaults/main/staging.yml").read_text()
    gates: list[dict[str, Any]] = yaml.safe_load(text)["quality_gates_catalogue"]
    return gates


def lint(**changes: Any) -> dict[str, Any]:
    """A complete small gate; a change to None leaves a key out."""
    gate = {
        "name": "lint",
        "criterion": "code-quality",
        "indicator": {"type": "command", "steps": [["ruff", "check", "{python_files}"]], "findings": [1]},
        "measure": "length(out)",
        "examined": "files",
        "objective": "== 0",
        "remedy": "Mend it.",
    }
    return {key: value for key, value in {**gate, **changes}.items() if value is not None}


def checked(**changes: Any) -> Gate:
    return definition.check([lint(**changes)], ONE, KNOWN)[0]
