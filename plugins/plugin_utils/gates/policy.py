"""Replay of a policy: another catalogue of gates over the evidence of past promotions. Reads only, runs no tool.

A gate of the policy is judged over the document that a gate with the very same indicator left in that promotion's
evidence. Where there is none, or the evidence is not what the ledger's root hash was made of, nothing is known: the
policy would have refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ...module_utils.host import manifest
from ..indicators import KNOWN
from ..refusal import Refusal
from . import baseline, criteria, definition, history
from .criteria import Criterion
from .definition import Gate
from .errors import DefinitionError
from .evidence import GATES, VERDICTS
from .measurement import Measurement
from .recompute import measurement_in
from .verdict import PASS, Decision, decide


@dataclass(frozen=True)
class Replayed:
    """One past promotion under the policy; `reasons` are sentences, empty when it would have been let through."""

    component: str
    stage: str
    at: str
    run: str
    reasons: tuple[str, ...]


def load(path: Path) -> dict[str, list[Gate]]:
    """Return the policy's gates by the stage whose criteria they are of; raises `Refusal` that names file and place."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"the policy {path} cannot be read: {error}", "a YAML file", "-e policy=FILE") from error
    except yaml.YAMLError as error:
        raise Refusal(f"{path.name} is not valid YAML: {' '.join(str(error).split())}", "a list of gates") from error
    try:
        gates = definition.check(raw, _criteria(raw), KNOWN)
    except DefinitionError as error:
        raise Refusal(f"{path.name}: {error.found}", error.wanted, f"correct {path}") from error
    stages = {criterion.name: stage for stage, some in criteria.OF_STAGE.items() for criterion in some}
    found: dict[str, list[Gate]] = {}
    for gate in gates:
        found.setdefault(stages[gate.criterion], []).append(gate)
    return found


def replay(
    policy: Mapping[str, Sequence[Gate]], promotions: Iterable[Mapping[str, Any]], evidence_root: Path
) -> list[Replayed]:
    """Return what the policy says of each promotion (an entry of a ledger) to a stage that it has gates for."""
    found = []
    for entry in promotions:
        data = entry["data"] or {}
        stage = str(data.get("stage") or entry["environment"])
        if stage in policy:
            run, root = str(data.get("run") or entry["run"]), str(entry["evidence"] or data.get("evidence_root") or "")
            reasons = _reasons(policy[stage], criteria.of_stage(stage), evidence_root, run, root, entry["component"])
            found.append(Replayed(entry["component"], stage, entry["at"], run, tuple(reasons)))
    return found


def _reasons(
    gates: Sequence[Gate], wanted: Sequence[Criterion], root: Path, run: str, root_sha256: str, component: str
) -> list[str]:
    folder = root / run
    if not folder.is_dir():
        return [f"its evidence is not at {folder}"]
    damage = manifest.check(folder, root_sha256)
    if damage or json.loads((folder / manifest.NAME).read_bytes())["root_sha256"] != root_sha256:
        return [f"its evidence is not what the ledger remembers: {damage[0] if damage else 'another root hash'}"]
    earlier = [one for one in history.past(root, component) if one.run < run]
    decisions = {gate.name: _decide(gate, folder, earlier) for gate in gates}
    waivers = {str(each["gate"]): each.get("waiver") for each in json.loads((folder / VERDICTS).read_bytes())}
    verdicts = [
        {
            "gate": gate.name,
            "criterion": gate.criterion,
            "verdict": decisions[gate.name].verdict,
            "waiver": waivers.get(gate.name),
        }
        for gate in gates
    ]
    if criteria.promotable(wanted, verdicts):
        return []
    refusing = [gate for gate in gates if decisions[gate.name].verdict != PASS and not waivers.get(gate.name)]
    return [_sentence(gate, decisions[gate.name]) for gate in refusing]


def _decide(gate: Gate, folder: Path, earlier: Sequence[history.PastRun]) -> Decision:
    stored = _stored(gate, folder)
    if stored is None:
        kind = gate.indicator["type"]
        stored = Measurement(problem=f"no gate of that run has measured the same (indicator {kind}) in the same way")
    return decide(gate, stored, _baseline(gate, earlier) if gate.is_relative else None)


def _baseline(gate: Gate, earlier: Sequence[history.PastRun]) -> baseline.Baseline:
    """Return what the policy would have compared with: the results before, as it would have judged them."""
    passing: list[tuple[str, float]] = []
    for run in reversed(earlier):
        stored = _stored(gate, run.folder)
        decision = decide(gate, stored, baseline.of(passing, gate.baseline)) if stored else None
        if decision and decision.verdict == PASS and decision.found is not None:
            passing.insert(0, (run.run, decision.found))
    return baseline.of(passing, gate.baseline)


def _stored(gate: Gate, folder: Path) -> Measurement | None:
    """Return the measurement that a gate with the same indicator left in a folder of evidence, None without one."""
    try:
        known = json.loads((folder / "gates.json").read_bytes())
        same = [str(raw["name"]) for raw in known if raw.get("indicator") == dict(gate.indicator)]
        kept = next((folder / GATES / name for name in same if (folder / GATES / name).is_dir()), None)
        return measurement_in({path.name: path.read_bytes() for path in kept.iterdir()}) if kept else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _sentence(gate: Gate, decision: Decision) -> str:
    cause = decision.cause.splitlines()[0] if decision.cause else ""
    if decision.found is None or decision.verdict != "fail":
        return f"{gate.name} is inconclusive: {cause}"
    return f"{gate.name} found {decision.found:g}, wanted {gate.objective.text}"


def _criteria(raw: Any) -> list[Criterion]:
    """Return the criteria of the stages that the policy has gates for; of all stages when it names no known one."""
    named = {str(gate.get("criterion")) for gate in raw if isinstance(gate, dict)} if isinstance(raw, list) else set()
    stages = [some for some in criteria.OF_STAGE.values() if named & {criterion.name for criterion in some}]
    return [criterion for some in stages or criteria.OF_STAGE.values() for criterion in some]
