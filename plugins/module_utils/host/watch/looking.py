"""One look at a release that serves: healthy or not, restarts, new errors in its logs, what its edge has answered."""

from __future__ import annotations

import csv
import io
from typing import Any, Dict, List, Optional

from .. import colours, edge_socket, front, haproxy, running, times
from ..context import Context
from ..edge import Edge
from ..errors import EngineError, HostError
from ..haproxy import LIVE
from ..log_classes import comparison, events
from ..store import Release

_TAIL = 5000  # lines of a container's log at most, at each look


def look(context: Context, release: Release, cursor: str) -> Dict[str, Any]:
    """Return a look (see ``rules``); ``cursor`` is when the last one was."""
    now = times.now()
    blank: Dict[str, Any] = {"at": now, "ok": None, "why": None, "restarts": None, "errors": [], "traffic": None}
    try:
        colour = colours.read(context.store.folder)
        edge = Edge(context, release.facts["project"]) if colour else None
        found, containers = (
            front.look(context, release, colour.live, edge, LIVE) if colour and edge else running.look(context, release)
        )
        errors = errors_of(context, release, containers, cursor)
    except EngineError as error:
        return {**blank, "why": str(error)}
    return {
        **blank,
        "ok": found.ok,
        "why": running.veil(context, release).over("; ".join(found.waiting)) or None,
        "restarts": restarts(containers),
        "errors": errors,
        "traffic": traffic(edge) if edge else None,
    }


def restarts(containers: List[Dict[str, Any]]) -> Dict[str, int]:
    """Return how often the engine has restarted each container."""
    return {one["Id"]: int(one.get("RestartCount") or 0) for one in containers}


def errors_of(
    context: Context, release: Release, containers: List[Dict[str, Any]], since: str = ""
) -> List[Dict[str, Any]]:
    """Return the errors in the containers' logs by their fingerprints (``log_classes``), values hidden.

    Answers with 5xx in an access log are the error rate's business.
    """
    veil = running.veil(context, release)
    texts = [veil.over(context.engine.logs(one["Id"], _TAIL, since)) for one in containers]
    found = comparison.merged([events.of_text(text) for text in texts])
    return [one for one in found if one["kind"] != "answer"]


def traffic(edge: Edge) -> Optional[Dict[str, int]]:
    """Return how many requests the edge's newest worker has answered, how many with 5xx; None: it is mute."""
    folder = edge.folder / "run"
    try:
        workers = haproxy.workers(edge_socket.ask(folder, "show proc"))
        return counted(edge_socket.ask(folder, f"@!{workers[0]} show stat")) if workers else None
    except (HostError, IndexError):
        return None


def counted(table: str) -> Dict[str, int]:
    """Return ``{answers, failed}`` of a table as ``show stat`` gives it: all frontends together."""
    rows = csv.DictReader(io.StringIO(table.lstrip("# ")))
    own = [row for row in rows if row.get("svname") == "FRONTEND" and row.get("mode", "http") == "http"]
    classes = {name: sum(int(row.get(f"hrsp_{name}") or 0) for row in own) for name in ("2xx", "3xx", "4xx", "5xx")}
    return {"answers": sum(classes.values()), "failed": classes["5xx"]}
