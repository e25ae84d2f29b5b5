"""The judgement of one component: its gates judged or taken over, evidence kept, criteria counted, a report made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

from .. import waivers
from ..indicators import KNOWN
from ..refusal import Refusal
from . import criteria as all_criteria
from . import definition, evidence, merge
from .criteria import Criterion
from .definition import Gate
from .judge import Judged, Progress, exported, judge
from .report import plain, report

_NEEDED = ("component", "entry", "artifact", "monorepo", "stage_wanted")


@dataclass(frozen=True)
class JudgementRequest:
    """What is to be judged, by what, and what is known about it.

    `definitions` are the catalogue's gates, `extra` those of the inventory. `stages` maps each component to its stage,
    `environment` says where it would run. `folder` is the new folder for the evidence, None to keep none. `ledger` has
    the entries of both environments. `today` is the day in UTC.
    """

    operation: Mapping[str, Any]
    criteria: Sequence[Criterion]
    definitions: Sequence[Mapping[str, Any]]
    extra: Sequence[Mapping[str, Any]]
    stages: Mapping[str, str]
    environment: Mapping[str, Any]
    folder: Path | None
    progress: Progress
    today: date
    waivers: Sequence[waivers.Waiver] = ()
    fresh: bool = False
    stop: Event = field(default_factory=Event)
    ledger: Sequence[Mapping[str, Any]] = ()


def judge_component(request: JudgementRequest) -> dict[str, Any]:
    """Return the judgement (see the documentation of the action `gate`); raises `Refusal` before anything is judged."""
    _require_component(request.operation)
    definitions = merge.merged(request.definitions, request.extra)
    every = definition.check(definitions, request.criteria, KNOWN)
    gates = _chosen(every, request.operation.get("gates") or [])
    criteria = all_criteria.without(request.criteria, every, [gate.name for gate in gates])
    judged = _with_waivers(_judged(gates, request), request)
    verdicts = [dict(one.verdict) for one in judged]
    kept = {"path": "", "root_sha256": ""}
    if request.folder:
        root, verdicts = evidence.write(request.folder, request.operation, definitions, judged)
        kept = {"path": str(request.folder), "root_sha256": root}
    return _concluded(request, criteria, judged, verdicts, kept)


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
) -> dict[str, Any]:
    told = report(request.operation, criteria, judged, kept["path"])
    number, of = all_criteria.met(criteria, verdicts)
    promotable = all_criteria.promotable(criteria, verdicts)
    return {
        "failed": not promotable,
        "msg": plain(told),
        "verdicts": verdicts,
        "criteria": told["criteria"],
        "met": f"{number}/{of}",
        "promotable": promotable,
        "evidence": kept,
        "coverage": _coverage(judged),
        "report": told,
    }


def _judged(gates: Sequence[Gate], request: JudgementRequest) -> list[Judged]:
    operation = request.operation
    last = last_promoted_commit(request.ledger, operation["component"], operation["stage_wanted"])
    with exported(operation, request.stages, request.environment, last) as (subject, scratch):
        return judge(gates, subject, scratch, request.progress, request.stop)


def _with_waivers(judged: Sequence[Judged], request: JudgementRequest) -> list[Judged]:
    said = [one.verdict for one in judged]
    applied = waivers.apply(said, request.waivers, request.operation["component"], request.today)
    return [replace(one, verdict=verdict) for one, verdict in zip(judged, applied, strict=True)]


def _chosen(gates: Sequence[Gate], names: Sequence[str]) -> list[Gate]:
    known = [gate.name for gate in gates]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Refusal(f"there is no gate {unknown[0]}", f"one of {', '.join(known)}", f"-e gates={known[0]}")
    return [gate for gate in gates if not names or gate.name in names]


def _coverage(judged: Sequence[Judged]) -> dict[str, float]:
    """Return the coverage that was measured, by the kind of tests."""
    return {
        str(one.gate.indicator["kind"]): float(one.verdict["found"])
        for one in judged
        if one.gate.indicator["type"] == "tests" and one.gate.unit == "%" and one.verdict["found"] is not None
    }


def _require_component(operation: Mapping[str, Any]) -> None:
    for key in _NEEDED:
        if not operation.get(key):
            raise Refusal(f"the operation has no {key}", "the fact `operation` of a component", "-e component=NAME")
