"""One look at a component: is it up for its users? Its containers by the engine, its answer as a user gets it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

from .. import colouring, colours, compose, health, probe, running
from ..context import Context
from ..edge import Edge
from ..errors import EngineError, HostError
from ..haproxy import LIVE
from ..store import Release
from . import expectation
from .slots import DOWN, UNKNOWN, UP

Ask = Callable[[Dict[str, Any]], Dict[str, Any]]
PATIENCE_S = 5.0
_HARD_S = 8.0  # a service that answers byte by byte gets no more than this


@dataclass
class Seen:
    """What one look saw; `ms` the time to the answer; `containers` are the engine's descriptions of what serves."""

    state: str
    reason: str = ""
    ms: Optional[float] = None
    release: Optional[int] = None
    tree: str = ""
    containers: List[Dict[str, Any]] = field(default_factory=list)


def look(
    context: Context, expect: Optional[str], last_request: Optional[Dict[str, Any]], ask: Ask = probe.sample
) -> Seen:
    """Look once. `last_request` is asked where the engine is silent: a service may well answer without it."""
    try:
        release = context.store.current()
    except HostError as error:
        return Seen(UNKNOWN, str(error))
    if release is None:
        return Seen(DOWN, "nothing of it is deployed")
    seen = Seen(UP, release=release.number, tree=str(release.facts["artifact"].get("tree") or ""))
    try:
        wanted = asked(context, release, seen)
    except EngineError as error:
        return _without_engine(seen, expect, last_request, ask, str(error))
    if seen.state == UP and wanted:
        context.facts["request"] = wanted
        _answered(seen, wanted, expect, ask)
    return seen


def asked(context: Context, release: Release, seen: Seen) -> Optional[Dict[str, Any]]:
    """Judge the containers that serve, and return what is to be asked besides (see `probe.py`)."""
    document, found = running.document(release), colours.read(context.store.folder)
    if found:
        document = colouring.coloured(document, found.live)
    seen.containers = context.engine.project(document["name"] if found else release.facts["project"])
    waiting = health.judge(document, seen.containers).waiting
    if waiting:
        seen.state, seen.reason = DOWN, "; ".join(waiting)
    probed = release.facts["health"]["probe"]
    if not probed or not probed.get("port"):
        return None
    for port in compose.ports(running.document(release)):
        if (port.service, port.target, port.protocol) == (probed["service"], int(probed["port"]), "tcp") and port.port:
            return health.request_to(probed, f"{health.reachable(port.address)}:{port.port}")
    if found:
        return Edge(context, release.facts["project"]).request(probed, LIVE)
    return health.request(probed, seen.containers)


def _without_engine(
    seen: Seen, expect: Optional[str], request: Optional[Dict[str, Any]], ask: Ask, problem: str
) -> Seen:
    if not request or request.get("unreachable"):
        seen.state, seen.reason = UNKNOWN, problem
    else:
        _answered(seen, request, expect, ask)
        if seen.state == DOWN:
            seen.reason += f"; {problem}"
    return seen


def _answered(seen: Seen, request: Dict[str, Any], expect: Optional[str], ask: Ask) -> None:
    """Ask as a user would, within a time that no way of answering can stretch."""
    answers: List[Dict[str, Any]] = []
    lane = threading.Thread(target=lambda: answers.append(ask({**request, "timeout": PATIENCE_S})), daemon=True)
    lane.start()
    lane.join(_HARD_S)
    where = probe.target(request)
    if not answers:
        seen.state, seen.reason = DOWN, f"{where} gives no whole answer within {_HARD_S:g} s"
        return
    answer = answers[0]
    seen.ms = answer["ms"] if answer["ok"] else None
    if not answer["ok"]:
        leads = " (it leads elsewhere, where nobody looks)" if 300 <= (answer["status"] or 0) < 400 else ""
        seen.state, seen.reason = DOWN, f"{where} gives {answer['error']}{leads}"
    elif not request.get("tcp"):
        try:
            reason = expectation.unmet(expect, answer["body"])
        except expectation.NotUnderstood as error:
            seen.state, seen.reason = UNKNOWN, f"the recorder cannot judge by {error}"
            return
        if reason:
            seen.state, seen.reason = DOWN, f"{where}: {reason}"
