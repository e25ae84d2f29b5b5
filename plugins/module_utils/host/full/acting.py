"""The act of a full rollback: stop, safety dump, restore, start, healthy; the way there and back is stop-first's."""

from __future__ import annotations

from typing import Any, Dict, Optional

from .. import act, acts, preparation, running, stop_first, watching
from ..act import Plan
from ..context import Context
from ..settings import STOP_FIRST
from ..store import Release
from . import choice, data


def perform(
    context: Context, target: Release, current: Release, point: Optional[str], accept_loss: Optional[str]
) -> Dict[str, Any]:
    """Let ``target`` serve with the data of a restore point; on any failure the old release with the old data."""
    chosen = choice.choose(context, target, point, accept_loss)
    who = (context.run, context.actor, context.reason)
    how = (STOP_FIRST, running.strategy(context), None)
    full = {"point": str(chosen["id"])}
    plan = Plan("rollback", target.number, current.number, *who, *how, context.rehearsal, full)
    act.begin(context, plan)
    watching.begin(context, current)
    try:
        context.store.journal.step("verify")
        context.enter("verify", _road(context, plan, chosen))
        preparation.verify(context, target, plan.strategy)
    except BaseException:
        acts.forget(context, plan)
        raise
    found = stop_first.perform(context, plan)
    return {**found, "restored": data.told(context, plan)}


def _road(context: Context, plan: Plan, point: Dict[str, Any]) -> str:
    return (
        f"returns {context.component} from {plan.back} to {plan.number} with the data of {point['id']} "
        f"(release {point['release']}, {point['at']}); it is stopped meanwhile, and dumped before"
    )
