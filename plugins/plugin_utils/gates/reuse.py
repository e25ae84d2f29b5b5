"""Not twice: a passing verdict is taken over while nothing that it depends on has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..indicators import KNOWN
from . import history
from .definition import Gate
from .evidence import GATES, Carried
from .history import PastRun
from .inputs import SubjectFacts, inputs
from .judge import Judged
from .recompute import measurement_in
from .tools import NotKnown, versions


def keys(gates: Sequence[Gate], facts: SubjectFacts) -> dict[str, str | None]:
    """Return the hash of what each gate's verdict depends on; None for one that is never reused."""
    found: dict[str, str | None] = {}
    for gate in gates:
        indicator = KNOWN[gate.indicator["type"]](gate.indicator)
        try:
            found[gate.name] = (
                inputs(gate, facts, {**indicator.facts(facts), "tools": versions(gate, facts)})
                if indicator.reusable
                else None
            )
        except NotKnown:
            found[gate.name] = None
    return found


def reusable(
    gates: Sequence[Gate],
    facts: SubjectFacts,
    evidence_root: Path,
    *,
    fresh: bool = False,
    known: Mapping[str, str | None] | None = None,
    now: datetime | None = None,
    runs: Sequence[PastRun] | None = None,
    since: str = "",
) -> dict[str, Judged]:
    """Return, by the gate's name, the verdicts that still hold, with their evidence; none when `fresh`.

    `known` is what `keys` returned and `runs` what `history.past` did, if they are at hand. The latest verdict on these
    inputs is taken over when it is a pass, was earned after `since` (when the artifact was taken back), has not
    expired, and its files are what that run's manifest says.
    """
    if fresh:
        return {}
    wanted = keys(gates, facts) if known is None else known
    past = history.past(evidence_root, facts.component) if runs is None else runs
    artifact = {key: facts.operation["artifact"][key] for key in ("component", "commit", "tree")}
    moment = (now or datetime.now(UTC)).isoformat(timespec="seconds").replace("+00:00", "Z")
    found: dict[str, Judged] = {}
    for gate in gates:
        run, verdict = _latest(past, gate, wanted.get(gate.name))
        files = _files(run, gate.name) if run and _holds(verdict, moment, since) else None
        if run and files:
            earlier = verdict.get("reused_from") or run.run
            taken = {**verdict, "artifact": artifact, "reused_from": earlier, "waiver": None, "files": {}}
            found[gate.name] = Carried(gate, taken, measurement_in(files), files)
    return found


def _latest(runs: Sequence[PastRun], gate: Gate, key: str | None) -> tuple[PastRun | None, dict[str, Any]]:
    """Return the latest run that judged the gate by these inputs, whatever it said, and its verdict."""
    for run in runs if key else ():
        for verdict in run.verdicts:
            if (verdict.get("gate"), verdict.get("inputs"), verdict.get("gate_sha256")) == (
                gate.name,
                key,
                gate.sha256,
            ):
                return run, verdict
    return None, {}


def _holds(verdict: Mapping[str, Any], moment: str, since: str) -> bool:
    expired = verdict.get("expires") is not None and str(verdict["expires"]) <= moment
    return verdict.get("verdict") == "pass" and not expired and str(verdict["earned"]) > since


def _files(run: PastRun, gate: str) -> dict[str, bytes] | None:
    """Return the gate's files of a run by name, None when one of them is not what it was."""
    prefix = f"{GATES}/{gate}/"
    found = {}
    for path, digest in run.files.items():
        if path.startswith(prefix):
            try:
                data = (run.folder / path).read_bytes()
            except OSError:
                return None
            if hashlib.sha256(data).hexdigest() != digest:
                return None
            found[path.removeprefix(prefix)] = data
    try:
        return found if json.loads(found["measurement.json"])["schema"] == 1 else None
    except (KeyError, ValueError, TypeError):
        return None
