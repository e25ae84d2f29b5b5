"""Which way an act goes, blue-green or stop-first, and what becomes of one that was cut off."""

from __future__ import annotations

from typing import Any, Dict, Optional

from . import act, blue_green, stop_first
from .act import Plan
from .context import Context
from .settings import BLUE_GREEN


def perform(context: Context, plan: Plan) -> Dict[str, Any]:
    """Carry out what ``plan`` wants; return its result."""
    return blue_green.perform(context, plan) if plan.strategy == BLUE_GREEN else stop_first.perform(context, plan)


def park(context: Context, plan: Plan) -> Optional[Dict[str, Any]]:
    """Go as far as can be gone without touching what serves; return a result only when the release was rejected."""
    if plan.strategy == BLUE_GREEN:
        return blue_green.park(context, plan)
    context.store.journal.step("parked")
    return None


def resume(context: Context) -> Optional[Dict[str, Any]]:
    """Bring an act that was killed to its end; return its result, or None when there was none."""
    lines = context.store.journal.unfinished()
    if not lines:
        return None
    plan = act.plan_of(lines)
    steps = {line["step"]: line for line in lines}
    context.tell(
        "resume",
        f"the {plan.act} of {context.component} {plan.number} by {plan.actor} was cut off: brings it to its end",
    )
    if not {"switch", "return"} & set(steps) and not _went_further(context, plan):
        return forget(context, plan, begun="start" in steps)
    proceed = blue_green.proceed if plan.strategy == BLUE_GREEN else stop_first.proceed
    found = proceed(context, plan, steps)
    context.marks.clear()
    context.facts.clear()
    context.prober = None
    return found


def _went_further(context: Context, plan: Plan) -> bool:
    """Say whether what runs shows that an act had switched, although its journal (cut off by a fault) does not."""
    if plan.act not in ("deploy", "rollback", "undo") or plan.number not in context.store.numbers():
        return False
    if plan.strategy == BLUE_GREEN:
        return blue_green.leads_to(context, plan)
    return stop_first.runs(context, plan)


def _is_concluded(context: Context, number: int) -> bool:
    """Say whether a release has served or failed: then its act had ended, whatever is left of the journal."""
    return number in context.store.numbers() and context.store.release(number).outcome is not None


def forget(context: Context, plan: Plan, begun: bool = False) -> Dict[str, Any]:
    """End an act that has not touched what serves; ``begun``: it has started something beside it."""
    if begun and plan.strategy == BLUE_GREEN:
        blue_green.forget(context, plan)
    if plan.act == "deploy" and not _is_concluded(context, plan.number):
        context.store.discard(plan.number)
    context.store.journal.step("done", outcome="forgotten")
    return {
        "outcome": "forgotten",
        "changed": False,
        "failed": False,
        "message": f"{context.component} {plan.number} was prepared but not started, and is gone; {context.serving()}",
    }
