"""What is done with restore points between backups: forgetting, verifying again, checking the repository, alerting."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional

from .. import times
from ..errors import HostError
from . import points, retention, verification
from .points import Point
from .taking import record
from .work import Work


def forget(work: Work) -> Dict[str, Any]:
    """Remove the restore points that the settings keep no longer; return ``{kept: {id: reasons}, gone: [id]}``."""
    keep, known = work.place.settings().keep, points.every(work.place, work.context.component)
    why = retention.reasons(known, keep, work.context.store.numbers(), time.time())
    gone = [one for one in known if not why[one["id"]]]
    for one in gone:
        points.write(work.place, {**one, "forgetting": times.now()})
    begun = points.forgetting(work.place, work.context.component)
    if begun:
        work.context.enter("forget", f"forgets {len(begun)} restore points of {work.context.component}")
        work.restic.unlock()
        there = {one["id"] for one in work.restic.snapshots()}
        work.restic.forget([one["snapshot"] for one in begun if one["snapshot"] in _expanded(there, begun)])
        for one in begun:
            points.remove(work.place, one)
    return {"kept": {name: reason for name, reason in why.items() if reason}, "gone": [one["id"] for one in begun]}


def _expanded(there: Any, begun: List[Point]) -> List[str]:
    """Return the snapshots of ``begun`` that are there; records have restic's short ids, it lists long ones."""
    return [one["snapshot"] for one in begun if any(full.startswith(one["snapshot"]) for full in there)]


def verify(work: Work, wanted: Optional[str] = None) -> List[Point]:
    """Verify one restore point; by default all that are unverified, else the newest once more."""
    known = points.every(work.place, work.context.component)
    if wanted:
        chosen = [points.find(work.place, work.context.component, wanted)]
    else:
        chosen = [one for one in known if not one["verified_at"]] or known[-1:]
    found, failed = [], []
    for one in reversed(chosen):
        before = one["verified_at"]
        try:
            found.append(verification.verify(work, one))
        except HostError as error:
            failed.append(str(error))
            continue
        finally:
            work.journal.step("done", outcome="verify")
        if not before:
            record(work, found[-1])
    if failed:
        raise HostError("; ".join(failed))
    return found
