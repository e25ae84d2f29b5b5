"""``restore``: safety dump, stop, put back, start; what fails after the stop goes back to the safety dump.

A restore that was killed leaves the component stopped and ``restoring.json`` beside its releases: until it is finished
(the same command) or reverted (its safety point), nothing else changes the component.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Dict, Optional

from .. import canonical, files, running
from ..errors import HostError
from ..store import Release
from . import durations, half_way, points, putting_back, taking, verification
from .points import Point
from .work import Work


def restore(work: Work, wanted: Optional[str], accept_loss: Optional[str], *, verify: bool) -> Dict[str, Any]:
    """Put a restore point's data back under the release that serves; the component's lock is held by the caller.

    ``verify``: also restore the safety dump once before anything is stopped.
    """
    begun, context, release = time.monotonic(), work.context, work.release()
    cut_off = half_way.read(context.store.folder)
    mark = half_way.marker(context.store.folder)
    point = points.find(work.place, context.component, wanted or (cut_off or {}).get("point"))
    putting_back.require_same_place(work, point)
    _require_fitting(work, point, release.facts.get("data_schema"), release.number)
    if cut_off:
        context.tell(
            "mend", f"goes on with the restore by {cut_off['actor']}; what was there is in {cut_off['safety']}"
        )
        lost, safety = float(cut_off["lost_seconds"]), points.find(work.place, context.component, cut_off["safety"])
    else:
        lost = putting_back.accepted(point, accept_loss, f"tta-ops restore {context.component}")
        context.tell("accept", f"what was written since {point['at']}, {durations.text(lost)}, will be lost")
        if not point["verified_at"]:
            point = verification.verify(work, point)
        safety = taking.take(work, verify=verify, kind="safety")
    folder = putting_back.prepared(work, point, release)
    work.journal.begin(act="restore", point=point["id"], safety=safety["id"], actor=context.actor, run=context.run)
    facts = {"point": point["id"], "safety": safety["id"], "lost_seconds": round(lost), "actor": context.actor}
    files.write(mark, canonical.encode({**facts, "run": context.run}) + b"\n")
    work.journal.step("load")
    gap = time.monotonic()
    problem, looked = _put_back(work, point, release, folder)
    if problem and point["id"] != safety["id"]:
        context.tell("revert", f"{problem}: puts back what was there, {safety['id']}")
        again, _ = _put_back(work, safety, release)
        if again:
            raise HostError(
                f"{problem}; nor could {safety['id']} be put back ({again}): {context.component} stays stopped, see "
                f"tta-ops points {context.component}, then tta-ops restore with one of them"
            )
    elif problem:
        raise HostError(f"{problem}: {context.component} stays stopped; restore another of tta-ops points")
    mark.unlink()
    files.sync_folder(mark.parent)
    seconds = {"total": round(time.monotonic() - begun, 2), "gap": round(time.monotonic() - gap, 2)}
    work.journal.step("done", outcome="reverted" if problem else "restored")
    if problem:
        message = f"{context.component} could not be restored to {point['id']} ({problem}); what was there serves again"
        return {
            "failed": True,
            "changed": True,
            "outcome": "reverted",
            "message": message,
            "safety_point": safety["id"],
        }
    return _told(work, point, safety, release.number, lost, looked, seconds)


def _put_back(work: Work, point: Point, release: Release, folder: Optional[Path] = None) -> Any:
    """Load and start; return what went wrong, or None, and what was compared."""
    try:
        found = putting_back.exchange(work, point, release, folder or putting_back.prepared(work, point, release))
        work.journal.step("start", point=point["id"])
        work.context.enter("start", f"starts {work.context.component} {release.number}")
        running.start(work.context, release)
        running.settle(work.context, release)
    except HostError as error:
        return str(error), {}
    return None, found["services"]


def _require_fitting(work: Work, point: Point, schema: Any, number: int) -> None:
    context = work.context
    if not point["services"]:
        raise HostError(
            f"{point['id']} of {context.component} has no data, only its release and environment files: "
            f"tta-ops rollback {context.component} returns to an earlier release"
        )
    if point.get("data_schema") != schema:
        raise HostError(
            f"the data of {point['id']} have the schema {point.get('data_schema')}, release {number} wants {schema}: "
            f"ansible-playbook rollback.yml -e component={context.component} -e target={context.environment} "
            f"-e release={point['release']} -e mode=full returns data and release together"
        )


def _told(
    work: Work, point: Point, safety: Point, number: int, lost: float, looked: Dict[str, Any], seconds: Dict[str, float]
) -> Dict[str, Any]:
    context = work.context
    data = {
        "point": point["id"],
        "of_run": point["run"],
        "from_release": number,
        "lost_since": {"at": point["at"], "seconds": round(lost)},
        "safety_point": safety["id"],
        "services": looked,
        "seconds": seconds,
    }
    context.ledger.append(
        "restored", component=context.component, release=number, artifact=point["artifact"], actor=context.actor,
        reason=context.reason, run=context.run, fence=context.fence, data=data,
    )  # fmt: skip
    message = (
        f"{context.component} on {context.environment} has the data of {point['at']} again ({point['id']}) after "
        f"{seconds['total']:g} s, {seconds['gap']:g} s of them stopped; what was there before is in {safety['id']}"
    )
    return {"failed": False, "changed": True, "outcome": "restored", "message": message, **data}
