"""The data's part in a full rollback, between the stop of one release and the start of the other.

Journal lines: ``safety`` (with the safety dump's id, before any data are touched), ``restore``, ``restored``. An act
that was killed goes on from there: without ``safety`` no data were touched, with it they can be returned.
"""

from __future__ import annotations

import time
from typing import Any, Dict, Optional

from .. import colouring, colours
from ..act import Plan
from ..backup import for_others as backup
from ..backup import putting_back
from ..context import Context
from ..errors import HostError
from ..store import Release


def forward(context: Context, plan: Plan) -> None:
    """Stop what runs, dump what is there, and put the restore point's data in its place. Raises ``HostError``."""
    journal, target = context.store.journal, context.store.release(plan.number)
    point = _point(context, str(_full(plan)["point"]))
    if safety_of(context) is None:
        context.enter("stop", f"stops {context.component} {plan.back}")
        _stop(context, target)
        context.enter("safety", "dumps what is there now, so that it can be brought back")
        journal.step("safety", point=backup.safety_dump(context)["id"])
    lost = putting_back.lost_since(point)
    journal.step("restore", point=point["id"])
    context.enter("restore", f"restores {point['id']}, of {point['at']}, release {point['release']}")
    begun = time.monotonic()
    found = backup.put_back(context, point, target)
    seconds = round(time.monotonic() - begun, 2)
    journal.step("restored", services=found["services"], seconds=seconds, lost_since=lost)


def backward(context: Context, plan: Plan) -> None:
    """Bring back the data as they were before the act, if they were touched. Raises ``HostError``.

    Without the old release (it was none) nothing can be brought back, nor need be.
    """
    safety, lines = safety_of(context), {line["step"] for line in context.store.journal.entries()}
    if safety is None or "restore" not in lines or plan.back is None:
        return
    context.enter("return", f"brings back the data of {safety}, dumped before")
    old = context.store.release(plan.back)
    _stop(context, old)
    try:
        backup.put_back(context, _point(context, safety), old)
    except HostError as error:
        raise HostError(
            f"{error}; {context.component} stays stopped, its data are in the safety dump {safety}"
        ) from error


def safety_of(context: Context) -> Optional[str]:
    """Return the id of the dump that this act made before it touched data, or None when it has touched none."""
    ids = [str(line["point"]) for line in context.store.journal.entries() if line["step"] == "safety"]
    return ids[-1] if ids else None


def told(context: Context, plan: Plan) -> Dict[str, Any]:
    """Return the data of the ledger's event `restored`, by the journal: ``{point, of_run, from_release, …}``."""
    done = [line for line in context.store.journal.entries() if line["step"] == "restored"]
    last = done[-1] if done else {"services": {}, "seconds": None, "lost_since": None}
    return {
        "point": _full(plan)["point"],
        "of_run": plan.run,
        "from_release": plan.back,
        "lost_since": last["lost_since"],
        "safety_point": safety_of(context),
        "services": last["services"],
        "seconds": last["seconds"],
    }


def record(context: Context, plan: Plan) -> None:
    """Enter the restore into the ledger."""
    release, data = context.store.release(plan.number), told(context, plan)
    if plan.rehearsal:
        data.update(rehearsal=plan.rehearsal["run"], rehearsal_until=plan.rehearsal["until"])
    context.ledger.append(
        "restored",
        component=context.component,
        release=release.number,
        artifact=release.facts["artifact"],
        actor=plan.actor,
        reason=plan.reason,
        run=plan.run,
        fence=context.fence,
        data=data,
    )


def _full(plan: Plan) -> Dict[str, str]:
    if plan.full is None:
        raise HostError("this act returns no data")
    return plan.full


def _point(context: Context, wanted: str) -> Dict[str, Any]:
    for one in backup.points_of(context.state, context.environment, context.component):
        if one["id"] == wanted:
            return one
    raise HostError(f"the restore point {wanted} of {context.title} is not there any more")


def _stop(context: Context, release: Release) -> None:
    """Stop the component's own containers, in whichever colour."""
    project = release.facts["project"]
    projects = [project, *(colouring.project(project, colour) for colour in colours.OTHER)]
    found = [one for name in projects for one in context.engine.project(name) if one["State"].get("Running")]
    if found:
        context.engine.stop([one["Id"] for one in found])
