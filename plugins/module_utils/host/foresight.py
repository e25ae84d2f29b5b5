"""What a deploy would change here, and what a release has logged since it serves: looked at, nothing touched."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO, Any, Dict, List, Optional

from . import act, colouring, compose, differences, environment, evidence, incoming, preparation, running, settings
from .context import Context
from .errors import UsageError
from .preparation import Preparation
from .settings import BLUE_GREEN
from .store import Release

_MEMINFO = Path("/proc/meminfo")
_HIDDEN = "made from the commit"


def plan(context: Context, stream: IO[bytes]) -> Dict[str, Any]:
    """Return what deploying the bundle in ``stream`` would do.

    ``{images: [{service, now, then}], environment: {added, removed, changed}, compose: [sentence], files: [path],
    strategy, order: [step], lasting: [what cannot be undone], problems: [what is in its way], from, number}``.
    """
    bundle = incoming.read(stream)
    folder = Path(tempfile.mkdtemp(prefix="tta-ops-plan-"))
    try:
        work = Preparation(context, bundle, folder / "bundle")
        work.unpack()
        return _foreseen(context, bundle, work)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # what is left of a temporary folder changes no plan


def _foreseen(context: Context, bundle: incoming.Bundle, work: Preparation) -> Dict[str, Any]:
    current = context.store.current()
    document, missing = work.outlook(_HIDDEN)
    draft = work.draft() if current and not missing else None
    unchanged = bool(current and draft and preparation.same(current, draft))
    values = incoming.values(bundle)
    before = environment.parse(current.environment.read_bytes()) if current else {}
    chosen = work.settings
    number = context.store.next_number(_last_number(context))
    found = {
        "changed": not unchanged,
        "failed": False,
        "outcome": "planned",
        "from": current.number if current else None,
        "number": current.number if current and unchanged else number,
        "images": _images(document, running.document(current) if current else None),
        "environment": differences.keys(before, values),
        "compose": _compose(context, document, values, current, before),
        "files": differences.files(current.facts["mounted"], work.mounted(document)) if current else [],
        "strategy": work.strategy,
        "order": _order(work.strategy, current, chosen),
        "lasting": _lasting(context, bundle, current),
        "problems": _problems(context, document, work.strategy, chosen),
    }
    name = f"{context.component} {found['number']}"
    said = f"{name} already is this release" if unchanged else f"would deploy {name} on {context.environment}"
    return {**found, "message": said}


def errors(context: Context) -> Dict[str, Any]:
    """Return ``{errors: [{kind, text, count, service}]}`` of the release that serves, since the last act began."""
    current = context.store.current()
    if current is None:
        raise UsageError(f"{context.title} was never deployed: there are no logs to look at")
    lines = context.store.journal.entries()
    since = str(lines[0]["at"]) if lines else ""
    containers, _ = running.serving(context, current)
    found = evidence.log_errors(context.engine, containers, running.veil(context, current), since)
    title = f"{context.component} {current.number}"
    said = f"{title} has logged {len(found) or 'no'} error{'' if len(found) == 1 else 's'} since {since}"
    return {
        "changed": False,
        "failed": False,
        "errors": found,
        "since": since,
        "looked_at": len(containers),
        "message": said,
    }


def _last_number(context: Context) -> int:
    own = [entry["release"] for entry in context.ledger.read().entries if entry["component"] == context.component]
    return max((number for number in own if isinstance(number, int)), default=0)


def _images(document: Dict[str, Any], before: Optional[Dict[str, Any]]) -> List[Dict[str, Any]]:
    old = (before or {}).get("services", {})
    return [
        {"service": name, "now": (old.get(name) or {}).get("image"), "then": service["image"]}
        for name, service in sorted(document["services"].items())
    ]


def _compose(
    context: Context,
    document: Dict[str, Any],
    values: Dict[str, str],
    current: Optional[Release],
    before: Dict[str, str],
) -> List[str]:
    if current is None:
        return []
    new = compose.labelled(document, context.component, context.environment, current.number)
    return differences.documents(environment.masked(running.document(current), before), environment.masked(new, values))


def _order(strategy: str, current: Optional[Release], chosen: settings.Settings) -> List[str]:
    if current is None:
        return ["start", "healthy several times in a row", "no errors in its logs"]
    if strategy == BLUE_GREEN:
        return [
            f"start beside {current.number}",
            "judged through the edge's preview port, without a live request",
            "the edge's map is switched",
            f"{current.number} ends what it has, for {chosen.drain:g} s at most",
            f"{current.number} is kept warm for {chosen.warm:g} s",
        ]
    return [f"{current.number} stops", "start in its place", "healthy several times in a row", "no errors in its logs"]


def _lasting(context: Context, bundle: incoming.Bundle, current: Optional[Release]) -> List[str]:
    found = []
    if bundle.spec["entry"].get("kind") == "stateful":
        found.append("what a new image does to the data on its volumes: a rollback returns the containers only")
    if current is None:
        found.append("it is the first release: what comes of a failure is removed, its volumes stay")
    gap = act.last_gap(context)
    if current and settings.strategy(bundle.spec["entry"].get("strategy")) != BLUE_GREEN:
        found.append(f"it interrupts{f', the last time for {gap:g} s' if gap else ''}")
    return found


def _problems(context: Context, document: Dict[str, Any], strategy: str, chosen: settings.Settings) -> List[str]:
    if strategy != BLUE_GREEN:
        return []
    available = colouring.memory_available(_MEMINFO.read_text(encoding="ascii")) if _MEMINFO.exists() else None
    reasons = (
        colouring.cannot_run_twice(document, chosen),
        colouring.too_little_memory(colouring.memory_limit(document), available, 0),
    )
    return [reason for reason in reasons if reason]
