"""The way back of a change in colours: evidence kept, the failed release gone, the old one serving as it did."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from . import act, colouring, colours, front, running, stop_first, times
from .change import Change
from .errors import UnhealthyError
from .haproxy import LIVE
from .settings import STOP_FIRST
from .store import Release


def go_back(change: Change, cause: str) -> Dict[str, Any]:
    """Keep the evidence of a release that is no good, take it away, and see that the old one serves."""
    context, plan, store = change.context, change.plan, change.context.store
    switched = any(line["step"] == "switch" for line in store.journal.entries())
    context.enter("return", f"{change.title} failed: {cause}")
    where = act.keep_evidence(context, change.release, colouring.project(change.project, change.colour), cause)
    store.journal.step("return", cause=cause)
    if plan.act == "deploy":
        change.release.conclude("failed", times.now())
    if plan.act == "start":
        outcome, message = "failed", f"{change.title} does not start: {cause}"
    elif change.back is None:
        outcome, message = _remove(change, cause)
    else:
        outcome, message = _keep(change, change.back, cause, switched)
    words = act.probed(context)
    store.journal.step("done", outcome=outcome)
    why = f"; cause: {cause}" if outcome == "rejected" else ""
    return act.result(context, change.release, outcome, f"{message}{words}{why}; {where}", changed=True, failed=True)


def _remove(change: Change, cause: str) -> Tuple[str, str]:
    front.remove(change.context, change.project)
    act.record(change.context, change.plan, "removed", change.release, {"cause": cause})
    where = change.context.environment
    gone = f"failed ({cause}) and was removed; its volumes are kept"
    return "removed", f"{change.title}, its first release on {where}, {gone}"


def _keep(change: Change, old: Release, cause: str, switched: bool) -> Tuple[str, str]:
    context, plan = change.context, change.plan
    problem = _serve_again(change, old) if switched else None
    if not switched and change.before and change.edge.runs():
        change.edge.point(preview=change.before.live)
    context.engine.down(colouring.project(change.project, change.colour))
    if change.before:
        colours.write(context.store.folder, change.before.cooled())
    change.trial.gone()
    data = {"act": plan.act, "from": plan.number, "cause": cause, "verified": problem is None}
    act.record(context, plan, "returned", old, {**data, "rejected": not switched})
    if not switched:
        return "rejected", f"{change.title} rejected before traffic; {old.number} still serves"
    return stop_first.back_sentence(context, plan, old, cause, problem)


def _serve_again(change: Change, old: Release) -> Optional[str]:
    """Give the old release its requests back, the way it had them; return what is wrong with it, or None."""
    context = change.context
    if change.plan.was == STOP_FIRST or change.before is None:
        change.edge.down()
        return stop_first.serve_again(context, change.plan, old)
    live = change.before.live
    try:
        held = front.Held(context, old, live, change.release, change.settings)
        change.hold(held, not held.fits(change.edge))
        if not front.is_ready(context, old, live):
            running.start_colour(context, old, live)
        running.settle(context, old, lambda: front.look(context, old, live, change.edge, LIVE), 1)
    except UnhealthyError as error:
        return str(error)
    return None
