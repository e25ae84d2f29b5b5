"""Stop-first: the old containers stop, the new ones start in their place, and the way back is the same.

The journal has a line before each step: switch, settle, commit, drain, done; return before the way back.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Dict, Optional, Tuple

from . import act, colours, compose, front, running, times
from .act import Plan
from .context import Context
from .errors import HostError, UnhealthyError
from .settings import BLUE_GREEN
from .store import Release


def perform(context: Context, plan: Plan) -> Dict[str, Any]:
    """Let the release of ``plan`` serve; on any failure let the old one serve again. Returns the act's result."""
    release = context.store.release(plan.number)
    context.store.journal.step("switch")
    if plan.act == "remove":
        return _take_away(context, plan, release)
    context.enter("switch", _switch_text(context, plan))
    try:
        if plan.was == BLUE_GREEN:
            front.step_aside(context, release.facts["project"])
        if plan.full:
            _data().forward(context, plan)
        running.start(context, release)
        context.store.journal.step("settle")
        context.enter("settle", f"waits until {context.component} {plan.number} is healthy")
        containers = running.settle(context, release)
        if plan.act == "deploy":
            act.require_clean_logs(context, release, containers)
    except HostError as cause:
        return go_back(context, plan, str(cause))
    return commit(context, plan)


def proceed(context: Context, plan: Plan, steps: Dict[str, Dict[str, Any]]) -> Dict[str, Any]:
    """Go on with an act that was cut off after ``steps``, of which one is ``switch``."""
    if "return" in steps:
        return go_back(context, plan, steps["return"]["cause"])
    return commit(context, plan) if "commit" in steps else perform(context, plan)


def runs(context: Context, plan: Plan) -> bool:
    """Say whether containers of the release of ``plan`` are there, which is after the switch only."""
    project = context.store.release(plan.number).facts["project"]
    labels = [(one["Config"].get("Labels") or {}) for one in context.engine.project(project)]
    return any(one.get(compose.LABEL_RELEASE) == str(plan.number) for one in labels)


def _switch_text(context: Context, plan: Plan) -> str:
    if plan.back is None:
        return f"starts {context.component} {plan.number}"
    last = act.last_gap(context)
    gap = f", the last time for {last:g} s" if last else ""
    return f"stops {context.component} {plan.back} and starts {plan.number}, which interrupts{gap}"


def commit(context: Context, plan: Plan) -> Dict[str, Any]:
    """Record that the release serves."""
    store = context.store
    release = store.release(plan.number)
    store.journal.step("commit")
    context.enter("record", f"records {context.component} {plan.number}")
    if plan.was == BLUE_GREEN:
        front.remove(context, release.facts["project"])
    act.settle_store(context, plan, release)
    if plan.full:
        _data().record(context, plan)
    store.journal.step("drain")
    act.tidy(context)
    words = act.probed(context)
    store.journal.step("done", outcome=plan.act)
    previous = store.previous()
    way_back = f"; {previous.number} is kept as the way back" if previous else ""
    outcome, text = OUTCOMES[plan.act]
    message = f"{context.component} {plan.number} {text} on {context.environment}{words}{way_back}"
    return act.result(context, release, outcome, message, changed=True)


OUTCOMES = {
    "deploy": ("deployed", "serves"),
    "start": ("started", "was stopped and serves again"),
    "rollback": ("returned", "serves again"),
    "undo": ("returned", "serves again"),
}


def go_back(context: Context, plan: Plan, cause: str) -> Dict[str, Any]:
    """Let the old release serve again, and keep what the failed one left."""
    store = context.store
    failed = store.release(plan.number)
    context.enter("return", f"{context.component} {plan.number} failed: {cause}")
    where = act.keep_evidence(context, failed, failed.facts["project"], cause)
    store.journal.step("return", cause=cause)
    if plan.act == "deploy":
        failed.conclude("failed", times.now())
    if plan.act == "start":
        outcome, message = "failed", f"{context.component} {plan.number} does not start: {cause}"
    elif plan.back is None:
        outcome, message = _remove(context, plan, failed, cause)
    else:
        outcome, message = _serve_again(context, plan, store.release(plan.back), cause)
    words = act.probed(context)
    store.journal.step("done", outcome=outcome)
    return act.result(context, failed, outcome, f"{message}{words}; {where}", changed=True, failed=True)


def _remove(context: Context, plan: Plan, failed: Release, cause: str) -> Tuple[str, str]:
    context.engine.down(failed.facts["project"])
    act.record(context, plan, "removed", failed, {"cause": cause})
    return "removed", (
        f"{context.component} {plan.number}, its first release on {context.environment}, failed ({cause}) and was "
        "removed; its volumes are kept"
    )


def _take_away(context: Context, plan: Plan, release: Release) -> Dict[str, Any]:
    context.enter("switch", f"stops and removes {context.component} {plan.number}")
    if colours.read(context.store.folder):
        front.remove(context, release.facts["project"])
    context.engine.down(release.facts["project"])
    context.store.forget_current()
    if not plan.rehearsal:
        release.conclude("failed", times.now())
    act.record(context, plan, "removed", release, {"act": plan.act})
    act.tidy(context)
    context.store.journal.step("done", outcome="removed")
    message = f"{context.component} {plan.number}, its first release on {context.environment}, was removed"
    return act.result(context, release, "removed", f"{message}; its volumes are kept", changed=True)


def _serve_again(context: Context, plan: Plan, old: Release, cause: str) -> Tuple[str, str]:
    problem = serve_again(context, plan, old)
    data = {"act": plan.act, "from": plan.number, "cause": cause, "verified": problem is None}
    act.record(context, plan, "returned", old, data)
    return back_sentence(context, plan, old, cause, problem)


def serve_again(context: Context, plan: Plan, old: Release) -> Optional[str]:
    """Let the release serve that served before, the way it did; return what is wrong with it, or None."""
    if plan.full:
        _data().backward(context, plan)
    try:
        if plan.was == BLUE_GREEN:
            context.engine.down(old.facts["project"])
            front.come_back(context, old)
        else:
            running.start(context, old)
            running.settle(context, old)
    except UnhealthyError as error:
        return str(error)
    return None


def _data() -> ModuleType:
    """Return what returns data: loaded only for a full rollback."""
    from .full import data

    return data


def back_sentence(context: Context, plan: Plan, old: Release, cause: str, problem: Optional[str]) -> Tuple[str, str]:
    """Return the outcome of a way back and its sentence."""
    sentence = f"{context.component} {plan.number} failed ({cause})"
    if problem is None:
        return "returned", f"{sentence}; {old.number} serves again on {context.environment}"
    return (
        "failed",
        f"{sentence}, and {old.number} did not come back ({problem}): see tta-ops status {context.component}",
    )
