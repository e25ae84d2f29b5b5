"""Decides every verdict of an evidence folder again, from what lies in the folder, and compares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ...module_utils.host.manifest import RUN, Finding
from . import baseline, definition
from .criteria import Criterion
from .definition import Gate
from .errors import DefinitionError
from .evidence import GATES, VERDICTS
from .measurement import Measurement
from .process import Finished
from .reread import disagreements
from .verdict import verdict

# What a verdict says besides is no decision: where it comes from, and by whose word it is passed over.
_NOT_DECIDED = frozenset({"files", "inputs", "reused_from", "waiver", "waiver_expired"})


class _AnyIndicator:
    """Lets pass whatever an indicator is given: what it did is in the document, here it runs no more."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.keys = tuple(parameters)

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Accept."""


def recompute(folder: Path) -> list[Finding]:
    """Return each verdict that does not follow from the folder, as a finding; empty when all of them do."""
    try:
        verdicts = _read(folder / VERDICTS)
        known = {str(raw["name"]): raw for raw in _read(folder / "gates.json")}
        artifact = _read(folder / "artifact.json")
        _read(folder / RUN)
        return [found for kept in verdicts for found in _compared(folder, kept, known, artifact)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [Finding(VERDICTS, f"the verdicts cannot be decided again: {type(error).__name__}: {error}")]


def measurement_in(files: Mapping[str, bytes]) -> Measurement:
    """Return the measurement that a gate's files hold; raises `KeyError`, `ValueError` when they hold none."""
    kept = json.loads(files["measurement.json"])
    commands = tuple(
        Finished(tuple(one["arguments"]), one["exit"], "", "", float(one["seconds"]), str(one["ended"]))
        for one in json.loads(files["command.json"])
    )
    return Measurement(
        document=json.loads(files["document.json"]),
        problem=kept["problem"],
        note=kept.get("note", ""),
        claims_findings=kept["claims_findings"],
        commands=commands,
        tools=kept["tools"],
        attested=kept["attested"],
        by_hand=kept["by_hand"],
    )


def gate_of(raw: Mapping[str, Any]) -> Gate:
    """Return the gate that a kept definition describes; raises `DefinitionError`."""
    alone = {key: value for key, value in raw.items() if key != "after"}
    kind = {str(raw["indicator"]["type"]): _AnyIndicator(raw["indicator"])}
    gate = definition.check([alone], [Criterion(str(raw["criterion"]), "")], kind)[0]
    return replace(gate, sha256=definition.digest(raw))


def _compared(
    folder: Path, kept: Mapping[str, Any], known: Mapping[str, Any], artifact: Mapping[str, Any]
) -> list[Finding]:
    name = str(kept["gate"])
    if name not in known:
        return [Finding("gates.json", f"the gate {name} has a verdict, but no definition")]
    try:
        gate = gate_of(known[name])
    except DefinitionError as error:
        return [Finding("gates.json", str(error))]
    files = {path.name: path.read_bytes() for path in (folder / GATES / name).iterdir()}
    about, compared_with = json.loads(files["measurement.json"]), json.loads(files["baseline.json"])
    again = verdict(
        gate,
        measurement_in(files),
        artifact,
        about["by_hand"],
        datetime.fromisoformat(about["earned"]),
        about["seconds"],
        baseline.from_json(compared_with),
    )
    findings = [
        Finding(VERDICTS, f"gate {name}, {key}: it says {_short(kept.get(key))}, the evidence says {_short(value)}")
        for key, value in again.items()
        if key not in _NOT_DECIDED and kept.get(key) != json.loads(json.dumps(value))
    ]
    return [*findings, *_about_raw_output(name, gate, files), *_about_baseline(name, gate, compared_with)]


def _about_raw_output(name: str, gate: Gate, files: Mapping[str, bytes]) -> list[Finding]:
    try:
        told = disagreements(gate.indicator, files)
    except (ValueError, KeyError, TypeError) as error:
        told = [f"its raw output cannot be read again: {' '.join(str(error).split())}"]
    return [Finding(f"{GATES}/{name}/document.json", said) for said in told]


def _about_baseline(name: str, gate: Gate, kept: Mapping[str, Any] | None) -> list[Finding]:
    if kept is None:
        return []
    results = [(str(one["run"]), float(one["found"])) for one in kept["results"]]
    again = baseline.of(results, replace(gate.baseline, aggregate=kept["aggregate"]))
    if again.value == kept["value"] and gate.baseline.aggregate == kept["aggregate"]:
        return []
    says = f"the baseline is {_short(kept['value'])}, of its results it is {_short(again.value)}"
    return [Finding(f"{GATES}/{name}/baseline.json", says)]


def _read(path: Path) -> Any:
    return json.loads(path.read_bytes())


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
