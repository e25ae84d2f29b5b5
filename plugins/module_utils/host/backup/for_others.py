"""What other acts (a full rollback, a rehearsal) do with restore points inside of their own lock and journal."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ..context import Context
from ..state import State
from ..store import Release
from . import points, putting_back, taking
from .points import Point
from .settings import Place
from .streams import Streams
from .work import Work, alone


def points_of(state: State, environment: str, component: str) -> List[Point]:
    """Return a component's restore points, the oldest first."""
    return points.every(Place(state, environment), component)


def safety_dump(context: Context) -> Point:
    """Dump what the component holds now, before anything is stopped.

    A service that cannot be dumped by its own means (it is down, its database is broken) gets a copy of its stopped
    files. Raises ``HostError`` when not even that succeeds.
    """
    work = Work(context, Streams(_held(context)))
    with alone(work):
        return taking.take(work, verify=False, kind="safety")


def put_back(context: Context, point: Point, release: Release) -> Dict[str, Any]:
    """Replace the component's data by the point's; see ``putting_back.put_back``. The caller starts ``release``."""
    work = Work(context, Streams(_held(context)))
    with alone(work):
        work.journal.begin(act="put-back", point=point["id"], actor=context.actor, run=context.run)
        found = putting_back.put_back(work, point, release)
        work.journal.step("done", outcome="put-back")
    return found


def _held(context: Context) -> Tuple[int, ...]:
    return (context.lock.handle,) if context.lock else ()
