"""Looks on at a release that serves, for as long as the run that deployed it wants to: is it still as it should be?

Reads only. A finding is a sentence: not healthy for a while, a container that ended, errors in its logs that the
release before did not have. A moment in which it is not healthy is none: it serves, and going back is not free.
"""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from . import colouring, colours, evidence, front, health, logs, running
from .context import Context
from .edge import Edge
from .errors import EngineError, UsageError
from .haproxy import LIVE
from .store import Release

Containers = List[Dict[str, Any]]
MOST = 3600.0
PATIENCE = 10.0  # seconds; a container's own health check, as Docker shows it, is easily as old as that


def on(
    context: Context,
    seconds: float,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Dict[str, Any]:
    """Look on for ``seconds``, at least once; returns ``{failed, finding, looks, seconds, message}``."""
    current = context.store.current()
    if current is None:
        raise UsageError(f"{context.title} was never deployed: there is nothing to look at")
    if not 0 <= seconds <= MOST:
        raise UsageError(f"{seconds:g} s is too long to look on: wanted are 0 to {MOST:g}")
    begun, looks = clock(), 0
    view = _View(context, current, clock)
    while True:
        looks += 1
        finding, settled = view.look()
        took = clock() - begun
        if finding or (settled and took >= seconds):
            break
        pause(current.facts["health"]["interval"])
    title = f"{context.component} {current.number}"
    said = f"{title} is no good after all: {finding}" if finding else f"{title} is as it should be ({looks} looks)"
    told = {"finding": finding, "looks": looks, "seconds": round(took, 1), "message": said}
    return {"changed": False, "failed": bool(finding), "outcome": "failed" if finding else "unchanged", **told}


class _View:
    """What is known of a release from one look to the next."""

    def __init__(self, context: Context, release: Release, clock: Callable[[], float]) -> None:
        self._context, self._release, self._clock = context, release, clock
        lines = context.store.journal.entries()
        self._since = str(lines[0]["at"]) if lines else ""
        self._veil = running.veil(context, release)
        self._found = colours.read(context.store.folder)
        self._known = self._fingerprints_before()
        self._started: Dict[str, str] = {}
        self._bad_since: Optional[float] = None

    def look(self) -> Tuple[Optional[str], bool]:
        """Return what is wrong for good, and whether all is well now."""
        try:
            state, containers = self._judge()
            new = self._new_errors(containers)
        except EngineError as error:  # it may be restarting
            state, containers, new = health.Health([str(error)], False, ()), [], None
        if state.ok:
            self._bad_since = None
        elif self._bad_since is None:
            self._bad_since = self._clock()
        bad = 0.0 if self._bad_since is None else self._clock() - self._bad_since
        if bad >= PATIENCE or state.hopeless:
            return self._veil.over(f"not healthy for {bad:.0f} s: {'; '.join(state.waiting)}"), False
        return self._ended(containers) or new, state.ok

    def _judge(self) -> Tuple[health.Health, Containers]:
        if self._found is None:
            return running.look(self._context, self._release)
        edge = Edge(self._context, self._release.facts["project"])
        return front.look(self._context, self._release, self._found.live, edge, LIVE)

    def _ended(self, containers: Containers) -> Optional[str]:
        for one in containers:
            started = str(one["State"].get("StartedAt"))
            if one.get("RestartCount", 0) or self._started.setdefault(one["Id"], started) != started:
                return f"{health.service_of(one)} has ended by itself and was started again"
        return None

    def _new_errors(self, containers: Containers) -> Optional[str]:
        found = evidence.log_errors(self._context.engine, containers, self._veil, self._since)
        new = [one for one in found if logs.fingerprint(one["text"]) not in self._known]
        if not new:
            return None
        more = f" and {len(new) - 1} more" if len(new) > 1 else ""
        return f"errors in its log that are new: {new[0]['service']}: {new[0]['text'][:200]}{more}"

    def _fingerprints_before(self) -> Set[str]:
        """Return the errors that the release before had, as far as it still runs beside."""
        if self._found is None or self._found.idle not in self._found.releases:
            return set()
        project = colouring.project(self._release.facts["project"], self._found.idle)
        before = evidence.log_errors(self._context.engine, self._context.engine.project(project), self._veil)
        return {logs.fingerprint(one["text"]) for one in before}
