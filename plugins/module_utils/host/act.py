"""What all acts have in common, whichever way they go: what was wanted, the journal, the record, the result."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Optional

from . import colours, evidence, health, holders, receipt, running, times
from .context import Context
from .errors import UnhealthyError
from .settings import STOP_FIRST
from .store import Release

_AFTER = 0.5


@dataclass(frozen=True)
class Plan:
    """What an act wants: ``number`` shall serve; ``back`` serves again if it cannot.

    Acts are ``deploy``, ``start`` (of the current release), ``rollback``, ``undo`` (of a deploy that was found bad
    after it served) and ``remove`` (the same of a first release: ``number`` shall go). ``strategy`` is how it goes,
    ``was`` how ``back`` runs (None: nothing runs), ``colour`` the one that ``number`` gets. ``rehearsal``
    {run, until}: it is part of one, and says nothing about the releases. ``full`` {point}: data return too.
    """

    act: str
    number: int
    back: Optional[int]
    run: str
    actor: str
    reason: str
    strategy: str = STOP_FIRST
    was: Optional[str] = STOP_FIRST
    colour: Optional[str] = None
    rehearsal: Optional[Dict[str, str]] = None
    full: Optional[Dict[str, str]] = None


def begin(context: Context, plan: Plan) -> None:
    """Open the journal of an act."""
    context.store.journal.begin(**asdict(plan))


def plan_of(lines: List[Dict[str, Any]]) -> Plan:
    """Return what the act of a journal wanted."""
    return Plan(**{key: lines[0][key] for key in Plan.__dataclass_fields__ if key in lines[0]})


def require_clean_logs(context: Context, release: Release, containers: List[Dict[str, Any]]) -> None:
    """Refuse a release whose own logs show errors."""
    found = evidence.log_errors(context.engine, containers, running.veil(context, release))
    if found:
        first = found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise UnhealthyError(f"errors in its own log: {first['service']}: {first['text'][:200]}{more}")


def keep_evidence(context: Context, failed: Release, project: str, cause: str) -> str:
    """Keep the logs and the inspect output of a failed release; return the sentence that says where."""
    folder = failed.folder / "evidence" / times.now().replace(":", "")
    return evidence.try_collect(context.engine, project, folder, cause, running.veil(context, failed))


def record(context: Context, plan: Plan, event: str, release: Release, data: Dict[str, Any]) -> None:
    """Write an event of an act into the ledger, with what its users saw so far, and what a return was from."""
    how = {"strategy": plan.strategy, "warm": bool(context.facts.get("warm"))}
    gone = data.get("from") if event == "returned" else None
    if gone in context.store.numbers():
        artifact = context.store.release(gone).facts["artifact"]
        how["gone"] = {key: artifact.get(key) for key in ("commit", "tree")}
    if plan.full:
        how.update(mode="full", point=plan.full["point"])
    if plan.rehearsal:
        how.update(rehearsal=plan.rehearsal["run"], rehearsal_until=plan.rehearsal["until"])
    context.ledger.append(
        event,
        component=context.component,
        release=release.number,
        artifact=release.facts["artifact"],
        actor=plan.actor,
        reason=plan.reason,
        run=plan.run,
        fence=context.fence,
        data={**data, **how, "receipt": receipt_of(context)},
    )


def is_rejection(entry: Dict[str, Any]) -> bool:
    """Say whether an entry of the ledger tells of a release that was turned away before it served anybody."""
    return entry["event"] == "returned" and bool((entry["data"] or {}).get("rejected"))


def last_gap(context: Context) -> Optional[float]:
    """Return for how many seconds a change last interrupted the component, by the ledger; None when it does not say."""
    receipts = [
        (entry["data"] or {}).get("receipt") or {}
        for entry in context.ledger.read().entries
        if entry["component"] == context.component and not is_rejection(entry)
    ]
    gaps = [one["gap_seconds"] for one in receipts if one.get("gap_seconds")]
    return float(gaps[-1]) if gaps else None


def settle_store(context: Context, plan: Plan, release: Release) -> None:
    """Make the release the current one, and write that into the ledger; a mere start of it changes neither."""
    store = context.store
    if plan.act == "undo" and plan.back is not None:
        store.release(plan.back).conclude("failed", times.now())
    if plan.act != "start":
        store.point(plan.number, store.served_before(plan.number) if plan.act == "undo" else plan.back)
        release.conclude("deployed", times.now())
        event = "deployed" if plan.act == "deploy" else "returned"
        record(context, plan, event, release, {"act": plan.act, "from": plan.back})


def tidy(context: Context) -> None:
    """Let go of releases that nobody needs any more, and keep the images of the others from being pruned."""
    context.store.prune(holders.needed(context))
    holders.see_to_it(context)


def receipt_of(context: Context) -> Dict[str, Any]:
    """Return what the act did to its users up to now."""
    side_by_side = "preview" in context.marks
    seconds = {step: context.seconds(first, last) for step, first, last in _SPANS[side_by_side]}
    gap = None if side_by_side else context.seconds("switch", "good")
    found = None
    if context.prober and context.prober.samples():
        moved = context.marks.get("switched", context.marks.get("good"))
        touched = context.marks.get("start", context.marks.get("switch"))
        seen = receipt.summary(context.prober.samples(), touched, moved)
        found = {"target": context.prober.target, "rate": context.prober.rate, **seen}
    return {
        "seconds": seconds,
        "gap_seconds": found["longest_gap_seconds"] if found else gap,
        "healthy_seconds": context.seconds("start", "judged") if side_by_side else context.seconds("switch", "good"),
        "swap_ms": context.facts.get("swap_ms"),
        "drain": context.facts.get("drain"),
        "probe": found,
    }


def probed(context: Context) -> str:
    """Stop the prober, once it has seen what came after; return its words for the first line."""
    if context.prober:
        moved = context.marks.get("switched", context.marks.get("good"))
        if moved is not None:
            time.sleep(max(0.0, moved + _AFTER - time.monotonic()))
        context.prober.stop()
    return receipt.sentence(receipt_of(context)["probe"])


def result(
    context: Context, release: Release, outcome: str, message: str, *, changed: bool, failed: bool = False
) -> Dict[str, Any]:
    """Return the result of an act: the release it was about, what runs now, and the sentence for the operator."""
    serving = context.store.current()
    previous = context.store.previous()
    containers, published = running.serving(context, serving or release)
    found = colours.read(context.store.folder)
    return {
        "changed": changed,
        "failed": failed,
        "outcome": outcome,
        "message": message,
        "release": release.facts,
        "current": serving.number if serving else None,
        "previous": previous.number if previous else None,
        "containers": health.containers_of(containers),
        "published": published,
        "strategy": running.strategy(context),
        "colours": asdict(found) if found else None,
        "receipt": receipt_of(context),
        "at": times.now(),
    }


_SPANS = {
    False: (
        ("prepare", "prepare", "verify"),
        ("verify", "verify", "switch"),
        ("start", "switch", "settle"),
        ("settle", "settle", "record"),
    ),
    True: (
        ("prepare", "prepare", "verify"),
        ("verify", "verify", "start"),
        ("start", "start", "preview"),
        ("settle", "preview", "switch"),
        ("switch", "switch", "record"),
    ),
}
