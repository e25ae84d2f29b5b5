"""Past runs of a component, read from the operator's evidence: for baselines, trends and reuse.

A folder whose verdicts are not what its manifest says, or that is none of ours, is left out; `verify-evidence` names
it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...module_utils.host import manifest
from . import baseline
from .comparison import is_number
from .definition import Gate

# Enough for the longest baseline; what is older would cost time in every run.
MOST_RUNS = 60
_NAME = re.compile(r"(?P<run>[0-9]{8}T[0-9]{6}Z-[0-9a-f]+)(?:-(?P<component>[a-z][a-z0-9_-]{0,62}))?")


@dataclass(frozen=True)
class PastRun:
    """A run that judged a component. `at` is when it ended, ISO 8601 in UTC; `files` are the hashes in its manifest."""

    run: str
    at: str
    stage: str
    verdicts: list[dict[str, Any]]
    folder: Path
    files: Mapping[str, str]


def past(evidence_root: Path, component: str, most: int = MOST_RUNS) -> list[PastRun]:
    """Return the latest runs that judged the component, newest first."""
    found: list[PastRun] = []
    for folder in _folders(evidence_root, component):
        run = _read(folder, component)
        if run:
            found.append(run)
        if len(found) == most:
            break
    return found


def baselines(gates: Sequence[Gate], runs: Iterable[PastRun]) -> dict[str, baseline.Baseline]:
    """Return the baseline of every gate that has a relative objective: of its last passing results."""
    relative = [gate for gate in gates if gate.is_relative]
    known = list(runs) if relative else []
    return {gate.name: baseline.of(_passing(gate.name, known), gate.baseline) for gate in relative}


def trend(runs: Iterable[PastRun], gate: str, n: int = 20) -> list[dict[str, Any]]:
    """Return `{run, at, found, verdict}` of a gate's last `n` verdicts that were earned, oldest first."""
    points = [
        {"run": run.run, "at": verdict["earned"], "found": verdict["found"], "verdict": verdict["verdict"]}
        for run, verdict in _earned(gate, runs)
    ]
    return points[:n][::-1]


def _passing(gate: str, runs: Iterable[PastRun]) -> Iterator[tuple[str, float]]:
    for run, verdict in _earned(gate, runs):
        if verdict["verdict"] == "pass" and is_number(verdict["found"]):
            yield run.run, verdict["found"]


def _earned(gate: str, runs: Iterable[PastRun]) -> Iterator[tuple[PastRun, dict[str, Any]]]:
    """Yield the gate's verdicts, newest first; one that was reused is the earlier one, and counts once."""
    for run in runs:
        for verdict in run.verdicts:
            if verdict["gate"] == gate and not verdict.get("reused_from"):
                yield run, verdict


def _folders(root: Path, component: str) -> Iterator[Path]:
    if not root.is_dir():
        return
    for folder in sorted(root.iterdir(), key=lambda path: path.name, reverse=True):
        named = _NAME.fullmatch(folder.name)
        if named and named["component"] in (None, component):
            yield folder


def _read(folder: Path, component: str) -> PastRun | None:
    try:
        about = json.loads((folder / manifest.RUN).read_bytes())
        if about["component"] != component:
            return None
        listed = json.loads((folder / manifest.NAME).read_bytes())
        verdicts = (folder / "verdicts.json").read_bytes()
        files = dict(listed["files"])
        whole = manifest.root_of(files) == listed["root_sha256"]
        if not whole or hashlib.sha256(verdicts).hexdigest() != files["verdicts.json"]:
            return None
        return PastRun(str(about["run"]), str(about["ended"]), str(about["stage"]), json.loads(verdicts), folder, files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
