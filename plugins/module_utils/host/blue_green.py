"""Blue and green: the new release starts beside the old one, is judged through the edge, and then gets the traffic.

The journal has a line before each step: start, preview, switch, commit, drain, done; return before the way back.
Before switch nothing that serves is touched; an act that was cut off there is forgotten.
"""

from __future__ import annotations

import time
from typing import Any, Dict, Optional

from . import act, colouring, colours, stop_first, times, warm
from .act import Plan
from .change import Change
from .colours import OTHER, Colours
from .context import Context
from .errors import HostError
from .haproxy import LIVE
from .settings import STOP_FIRST
from .way_back import go_back

_POLL = 0.1


def perform(context: Context, plan: Plan) -> Dict[str, Any]:
    """Let the release of ``plan`` serve; on any failure let the old one go on. Returns the act's result."""
    change = Change(context, plan)
    try:
        change.judge()
        change.switch()
    except HostError as cause:
        return go_back(change, str(cause))
    return commit(change)


def park(context: Context, plan: Plan) -> Optional[Dict[str, Any]]:
    """Start and judge the release and leave it there; return a result only when it was rejected."""
    change = Change(context, plan)
    try:
        change.judge()
    except HostError as cause:
        return go_back(change, str(cause))
    context.store.journal.step("parked")
    return None


def proceed(context: Context, plan: Plan, steps: Dict[str, Dict[str, Any]]) -> Dict[str, Any]:
    """Go on with an act that was cut off after ``steps``, of which one is ``switch`` or ``return``."""
    change = Change(context, plan)
    if "return" in steps:
        return go_back(change, steps["return"]["cause"])
    if "commit" in steps:
        return commit(change)
    try:
        change.switch()
    except HostError as cause:
        return go_back(change, str(cause))
    return commit(change)


def leads_to(context: Context, plan: Plan) -> bool:
    """Say whether the edge leads to the colour that the release of ``plan`` has."""
    change = Change(context, plan)
    return change.edge.mapping()[LIVE] == change.colour


def forget(context: Context, plan: Plan) -> None:
    """Take away what an act has begun beside what serves."""
    change = Change(context, plan)
    if not change.before or change.before.releases.get(change.colour) != plan.number:
        context.engine.down(colouring.project(change.project, change.colour))
    change.trial.gone()
    if plan.was is None and plan.act != "start":
        change.edge.gone()
    elif change.before and change.edge.runs():
        change.edge.point(preview=change.before.live)


def commit(change: Change) -> Dict[str, Any]:
    """Record that the release serves, and let the old one end what it has."""
    context, plan, store = change.context, change.plan, change.context.store
    store.journal.step("commit")
    context.enter("record", f"records {change.title}")
    keep = change.settings.warm if plan.act in ("deploy", "rollback") else 0
    until = colours.later(times.now(), change.settings.drain + keep) if keep else None
    before = change.before or Colours(change.colour, times.now())
    colours.write(store.folder, before.serving(change.colour, plan.number, times.now(), until, change.alike))
    if plan.was == STOP_FIRST:
        context.engine.down(change.project)
    change.trial.gone()
    act.settle_store(context, plan, change.release)
    store.journal.step("drain")
    left = _drain(change)
    found = colours.read(store.folder)
    if found and found.warm_until:
        found = found.kept_until(colours.later(times.now(), keep))
        colours.write(store.folder, found)
        warm.see_to_it(context)
    else:
        context.engine.down(colouring.project(change.project, OTHER[change.colour]))
    act.tidy(context)
    words = act.probed(context)
    store.journal.step("done", outcome=plan.act)
    return _served(change, words, left, found)


def _drain(change: Change) -> int:
    """Wait until the old colour has nothing left to answer, up to the limit; return how much it still has."""
    old, begun = OTHER[change.colour], time.monotonic()
    left = change.edge.sessions(old)
    if left:
        change.context.enter("drain", f"waits for {left} requests and connections of the old release")
    while left and time.monotonic() - begun < change.settings.drain:
        time.sleep(_POLL)
        left = change.edge.sessions(old)
    change.context.facts["drain"] = {"seconds": round(time.monotonic() - begun, 2), "left": left}
    return left


def _served(change: Change, words: str, left: int, found: Optional[Colours]) -> Dict[str, Any]:
    plan, context = change.plan, change.context
    outcome, text = stop_first.OUTCOMES[plan.act]
    previous = context.store.previous()
    kept = found.warm_until if found else None
    way = f"; {previous.number} is kept {f'warm until {kept} ' if kept else ''}as the way back" if previous else ""
    fate = f"stay with {plan.back} until then" if kept else f"of {plan.back} were cut off"
    long = f"; {left} long requests or connections {fate}" if left else ""
    message = f"{change.title} {text} on {context.environment}{words}{way}{long}"
    return act.result(context, change.release, outcome, message, changed=True)
