"""The judgement of one component: its gates judged or taken over, evidence kept, criteria counted, a report made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any

from .. import barred, reports, waivers
from ..indicators import KNOWN
from ..refusal import Refusal
from ..reports import model
from . import criteria as all_criteria
from . import definition, evidence, headline, history, merge, reuse
from .control_node import about_this_machine
from .cores import Cores
from .criteria import Criterion
from .definition import Gate
from .history import PastRun
from .inputs import SubjectFacts
from .judge import Judged, Progress, exported, judge
from .report import plain, report

_NEEDED = ("component", "entry", "artifact", "monorepo", "stage_wanted")


@dataclass(frozen=True)
class JudgementRequest:
    """What is to be judged, by what, and what is known about it.

    `definitions` are the catalogue's gates, `extra` those of the inventory. `stages` maps each component to its stage,
    `environment` says where it would run. `evidence` has the folders of earlier runs; this one's is `folder`, there
    and beside the other reports; with `keep` false nothing is written. `ledger` has the entries of both environments.
    `today` is the day in UTC. `cores` are shared with the components judged meanwhile. `report` is the folder of the
    report when it is not called `folder` too.
    """

    operation: Mapping[str, Any]
    criteria: Sequence[Criterion]
    definitions: Sequence[Mapping[str, Any]]
    extra: Sequence[Mapping[str, Any]]
    stages: Mapping[str, str]
    environment: Mapping[str, Any]
    evidence: Path
    folder: str
    progress: Progress
    today: date
    keep: bool = True
    waivers: Sequence[waivers.Waiver] = ()
    fresh: bool = False
    stop: Event = field(default_factory=Event)
    cores: Cores = field(default_factory=Cores)
    ledger: Sequence[Mapping[str, Any]] = ()
    report: str = ""


def judge_component(request: JudgementRequest) -> dict[str, Any]:
    """Return the judgement (see the documentation of the action `gate`); raises `Refusal` before anything is judged."""
    started = datetime.now(UTC)
    _require_component(request.operation)
    definitions = merge.merged(request.definitions, request.extra)
    every = definition.check(definitions, request.criteria, KNOWN)
    gates = _chosen(every, request.operation)
    criteria = all_criteria.without(request.criteria, every, [gate.name for gate in gates])
    found = _Found(request, gates)
    judged = _with_waivers(found.judged(), request)
    verdicts = [dict(one.verdict) for one in judged]
    kept = {"path": "", "root_sha256": ""}
    if request.keep:
        path = request.evidence / request.folder
        root, verdicts = evidence.write(path, request.operation, definitions, judged, keys=found.keys, started=started)
        kept = {"path": str(path), "root_sha256": root}
    return _concluded(request, criteria, judged, verdicts, kept, found.runs)


class _Found:
    """What earlier runs left that still holds, and what has to be judged now."""

    def __init__(self, request: JudgementRequest, gates: Sequence[Gate]) -> None:
        operation = request.operation
        self.request, self.gates = request, gates
        self.last = last_promoted_commit(request.ledger, operation["component"], operation["stage_wanted"])
        facts = SubjectFacts.of(operation, request.stages, request.environment, self.last)
        self.keys = reuse.keys(gates, facts)
        self.runs = history.past(request.evidence, operation["component"])
        since = barred.since(request.ledger, operation["component"], str(operation["artifact"]["tree"]))
        self.carried = reuse.reusable(
            gates, facts, request.evidence, fresh=request.fresh, known=self.keys, runs=self.runs, since=since
        )

    def judged(self) -> list[Judged]:
        """Return what came of every gate; the commit is exported only when one has to be judged."""
        rest = [gate for gate in self.gates if gate.name not in self.carried]
        if self.carried:
            number = f"{len(self.carried)} of {len(self.gates)} gates"
            self.request.progress(f"  {number}: nothing has changed since they passed ({', '.join(self.carried)})")
        if not rest:
            return [self.carried[gate.name] for gate in self.gates]
        request, baselines = self.request, history.baselines(rest, self.runs)
        with exported(request.operation, request.stages, request.environment, self.last) as (subject, scratch):
            subject = replace(subject, ledger=request.ledger)
            now = judge(rest, subject, scratch, request.progress, request.stop, request.cores, baselines)
        found = {**self.carried, **{one.gate.name: one for one in now}}
        return [found[gate.name] for gate in self.gates]


def last_promoted_commit(ledger: Sequence[Mapping[str, Any]], component: str, stage: str) -> str:
    """Return the commit of the component's latest promotion to a stage; empty when there was none."""
    own = (each for each in reversed(ledger) if (each["component"], each["environment"]) == (component, stage))
    promoted = next((each for each in own if each["event"] == "promoted"), None)
    return str((promoted["artifact"] or {}).get("commit", "")) if promoted else ""


def _concluded(
    request: JudgementRequest,
    criteria: Sequence[Criterion],
    judged: Sequence[Judged],
    verdicts: Sequence[Mapping[str, Any]],
    kept: Mapping[str, str],
    runs: Sequence[PastRun],
) -> dict[str, Any]:
    operation = request.operation
    pages = {"html": "", "md": "", "json": ""}
    if request.keep:
        gates, host = [one.gate for one in judged], about_this_machine()
        told = model.build(operation, criteria, verdicts, gates, kept, runs, host=host)
        pages = reports.write(request.evidence.parent / "reports" / (request.report or request.folder), told)
    said = report(operation, criteria, judged, kept["path"], verdicts=verdicts, page=pages["html"])
    number, of = all_criteria.met(criteria, verdicts)
    outcome = headline.outcome(criteria, verdicts)
    return {
        "failed": outcome not in ("ready", "partial" if operation["verb"] == "gates" else "ready"),
        "msg": plain(said),
        "verdicts": verdicts,
        "criteria": said["criteria"],
        "met": f"{number}/{of}",
        "promotable": all_criteria.promotable(criteria, verdicts),
        "warnings": sum(bool(verdict.get("warning")) for verdict in verdicts),
        "waived": sum(all_criteria.waived(criterion, verdicts) for criterion in criteria),
        "reused": sum(bool(verdict.get("reused_from")) for verdict in verdicts),
        "evidence": kept,
        "pages": pages,
        "coverage": _coverage(judged),
        "report": said,
    }


def _with_waivers(judged: Sequence[Judged], request: JudgementRequest) -> list[Judged]:
    said = [one.verdict for one in judged]
    applied = waivers.apply(said, request.waivers, request.operation["component"], request.today)
    return [replace(one, verdict=verdict) for one, verdict in zip(judged, applied, strict=True)]


def _chosen(gates: Sequence[Gate], operation: Mapping[str, Any]) -> list[Gate]:
    names: Sequence[str] = operation.get("gates") or []
    known = [gate.name for gate in gates]
    unknown = [name for name in names if name not in known]
    if unknown:
        again = f"-e component={operation['component']} -e gates={known[0]}"
        raise Refusal(f"there is no gate {unknown[0]}", f"one of {', '.join(known)}", again)
    return [gate for gate in gates if not names or gate.name in names]


def _coverage(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the coverage that was measured, by the kind of tests."""
    measured = [one for one in judged if one.gate.indicator["type"] in ("tests", "integration")]
    return {
        str(one.gate.indicator.get("kind") or one.gate.indicator["type"]): float(one.verdict["found"])
        for one in measured
        if one.gate.unit == "%" and one.verdict["found"] is not None
    }


def _require_component(operation: Mapping[str, Any]) -> None:
    for key in _NEEDED:
        if not operation.get(key):
            raise Refusal(f"the operation has no {key}", "the fact `operation` of a component", "-e component=NAME")
