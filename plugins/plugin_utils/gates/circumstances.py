"""The circumstances of a run's judgements: what all components that it judges have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any

from .. import operation as operations
from .. import waivers
from ..refusal import Refusal
from . import criteria
from .cores import Cores
from .judge import Progress
from .judgement import JudgementRequest

Definitions = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Circumstances:
    """`catalogues` are gate definitions by stage, `local` says for each environment whether its hosts are this machine.

    `evidence` is the folder that gets one folder a judgement; with `keep` false nothing is written. `issues` are those
    that are tracked (`standing.issues`).
    """

    catalogues: Mapping[str, Definitions]
    extra: Definitions
    stages: Mapping[str, str]
    ledger: Sequence[Mapping[str, Any]]
    local: Mapping[str, bool]
    evidence: Path
    progress: Progress
    keep: bool = True
    waivers: Sequence[waivers.Waiver] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    stop: Event = field(default_factory=Event)
    cores: Cores = field(default_factory=Cores)
    issues: Mapping[str, Any] = field(default_factory=dict)


def read(
    arguments: Mapping[str, Any],
    catalogues: Mapping[str, Definitions],
    local: Mapping[str, bool],
    progress: Progress,
    *,
    keep: bool,
) -> Circumstances:
    """Return the circumstances that the arguments of an action describe; raises `Refusal` for waivers that are none."""
    operation = arguments["operation"]
    found = Circumstances(
        catalogues=catalogues,
        extra=arguments["extra"],
        stages=arguments["stages"],
        ledger=arguments["ledger"],
        local=local,
        evidence=Path(arguments["evidence"]).expanduser(),
        progress=progress,
        keep=keep,
        issues=arguments.get("issues") or {},
    )
    return replace(found, waivers=_waivers(operation, found))


def request(
    circumstances: Circumstances, operation: Mapping[str, Any], *, folder: str, environment: Mapping[str, Any]
) -> JudgementRequest:
    """Return what to judge the operation's component by, for the stage after its own or the one asked for.

    `folder` names the folders of evidence and report; `environment` is known of the target beside the inventory.
    """
    operation = operations.of_stage(operation, circumstances.stages)
    stage = operation["stage_wanted"]
    own = operation["environments"][stage]
    return JudgementRequest(
        operation=operation,
        criteria=criteria.of_stage(stage),
        definitions=circumstances.catalogues.get(stage, []),
        extra=[*own.get("gates", []), *circumstances.extra],
        stages=circumstances.stages,
        environment={
            "local": circumstances.local.get(stage, False),
            "issues": circumstances.issues,
            **own,
            **environment,
        },
        evidence=circumstances.evidence,
        folder=folder,
        progress=circumstances.progress,
        keep=circumstances.keep,
        fresh=bool(operation.get("fresh")),
        cores=circumstances.cores,
        waivers=circumstances.waivers,
        today=circumstances.today,
        stop=circumstances.stop,
        ledger=circumstances.ledger,
    )


def of_verification(
    circumstances: Circumstances, operation: Mapping[str, Any], environment: Mapping[str, Any]
) -> JudgementRequest:
    """Return what to judge a release by where it was deployed: its own gates, which nothing adds to or waives."""
    judged = request(circumstances, operation, folder=str(operation["run"]), environment=environment)
    smoke = operation["verb"] == "promote-production"  # production gets no test data
    definitions = circumstances.catalogues.get("smoke" if smoke else "verification", [])
    report = f"{operation['run']}-verified"  # beside that of the judgement of the same run
    return replace(
        judged, criteria=criteria.VERIFIED, definitions=definitions, extra=[], waivers=[], fresh=True, report=report
    )


def _waivers(operation: Mapping[str, Any], circumstances: Circumstances) -> list[waivers.Waiver]:
    path = operation.get("waivers")
    if not path:
        return []
    environments = operation["environments"].values()
    extra = [gate for environment in environments for gate in environment.get("gates", [])]
    stages = [circumstances.catalogues.get(stage, []) for stage in criteria.OF_STAGE]
    every = [gate for gates in [*stages, extra, circumstances.extra] for gate in gates]
    names = sorted({str(gate.get("name")) for gate in every if isinstance(gate, Mapping)})
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []  # a site without waivers need not have the file
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"{path} cannot be read: {error}", "a readable file of waivers", f"ls -l {path}") from error
    return waivers.load(text, Path(path).name, names, sorted(operation["components"]))
