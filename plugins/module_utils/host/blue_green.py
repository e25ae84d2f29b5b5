"""Blue and green: the new release starts beside the old one, is judged through the edge, and then gets the traffic.

The journal has a line before each step: start, preview, switch, commit, drain, done; return before the way back.
Before switch nothing that serves is touched; an act that was cut off there is forgotten.
"""

from __future__ import annotations

import time
from typing import Any, Dict, Optional, Tuple

from . import act, colouring, colours, edge_document, front, running, settings, stop_first, times, warm
from .act import Plan
from .colours import OTHER, Colours
from .context import Context
from .edge import Edge
from .errors import HostError, UnhealthyError
from .haproxy import LIVE, NOBODY, PREVIEW
from .settings import BLUE_GREEN, STOP_FIRST
from .store import Release

_POLL = 0.1


class Change:
    """One act: ``number`` of the plan shall serve as the plan's colour."""

    def __init__(self, context: Context, plan: Plan) -> None:
        """Take the act; what serves now is read from the store."""
        self.context, self.plan = context, plan
        self.release = context.store.release(plan.number)
        self.project = self.release.facts["project"]
        self.colour = str(plan.colour)
        self.before: Optional[Colours] = colours.read(context.store.folder)
        self.settings = settings_of(context, self.release)
        self.edge = Edge(context, self.project)
        self.trial = Edge(context, self.project, edge_document.TRIAL)
        self.title = f"{context.component} {plan.number}"
        self._held: Optional[front.Held] = None
        self._alike = False

    @property
    def back(self) -> Optional[Release]:
        """The release that serves until the switch."""
        return self.context.store.release(self.plan.back) if self.plan.back is not None else None

    def held(self) -> front.Held:
        """Return what the edge is told for the new release."""
        if self._held is None:
            other = self.back if self.plan.was == BLUE_GREEN else None
            self._held = front.Held(self.context, self.release, self.colour, other, self.settings)
        return self._held

    def is_known(self) -> bool:
        """Say whether the edge that runs has all that the release needs, so that switching its map is all it takes."""
        before = self.before
        known = before is not None and before.alike and before.releases.get(self.colour) == self.plan.number
        return known and self.plan.act != "start" and self.edge.runs()

    def judge(self) -> None:
        """Start the release in its colour and judge it where only the toolkit sees it. Raises ``HostError``."""
        context, journal = self.context, self.context.store.journal
        journal.step("start")
        beside = f" beside {self.plan.back}" if self.plan.back is not None else ""
        ready = front.is_ready(context, self.release, self.colour)
        context.enter("start", f"{self.title} is {'warm' if ready else f'started as {self.colour}'}{beside}")
        if not ready:
            self._give_up_warm()
            running.start_colour(context, self.release, self.colour)
        journal.step("preview")
        context.enter("preview", f"judges {self.title} through the edge's preview port")
        edge = self._stage()
        again = lambda: front.look(context, self.release, self.colour, edge, PREVIEW)  # noqa: E731
        containers = running.settle(context, self.release, again, 1 if ready else None)
        if self.plan.act == "deploy":
            act.require_clean_logs(context, self.release, containers)
        context.mark("judged")

    def _give_up_warm(self) -> None:
        if self.before and self.before.colour_of(self.plan.number) != self.colour and self.colour != self.before.live:
            self.before = self.before.cooled()
            colours.write(self.context.store.folder, self.before)

    def _stage(self) -> Edge:
        """Return the edge through which the release is judged: the one that serves, if it has what the release needs.

        Where the ports are held by other containers, or by an edge with other ports, a trial edge stands in.
        """
        if self.is_known():
            self.edge.point(preview=self.colour)
            return self.edge
        held = self.held()
        if held.fits(self.edge):
            self.edge.configure(held.config)
            self.edge.point(preview=self.colour)
            return self.edge
        stage = self.edge if self.plan.was is None or self.plan.act == "start" else self.trial
        held.write(stage, self.before.live if self.before and stage is self.edge else NOBODY)
        stage.up()
        return stage

    def switch(self) -> None:
        """Give the release all new requests, and see that they are answered. Raises ``HostError``."""
        context = self.context
        context.store.journal.step("switch")
        known = self.is_known()
        moves = not known and not self.held().fits(self.edge)
        self._alike = not moves
        context.enter("switch", f"{MOVES if moves else 'switches the edge'} to {self.title}")
        if known:
            context.facts["swap_ms"] = self.edge.point(live=self.colour, preview=self.colour)
        else:
            context.facts["swap_ms"] = self.hold(self.held(), moves)
        context.mark("switched")
        again = lambda: front.look(context, self.release, self.colour, self.edge, LIVE)  # noqa: E731
        running.settle(context, self.release, again, 1)

    def hold(self, held: front.Held, moves: bool) -> float:
        """Let the edge hold the ports for what is ``held``; return the milliseconds it took."""
        if not moves:
            self.edge.configure(held.config)
            return self.edge.point(live=held.colour, preview=held.colour)
        held.write(self.edge, held.colour)
        self.edge.prepare()
        begun = time.monotonic()
        if self.plan.was == STOP_FIRST:
            plain = self.context.engine.project(self.project)
            self.context.engine.stop([one["Id"] for one in plain if one["State"].get("Running")])
        self.edge.up()
        front.wait_seen(self.edge, held.colour)
        return round((time.monotonic() - begun) * 1000, 1)

    def commit(self) -> Dict[str, Any]:
        """Record that the release serves, and let the old one end what it has."""
        context, plan, store = self.context, self.plan, self.context.store
        store.journal.step("commit")
        context.enter("record", f"records {self.title}")
        keep = self.settings.warm if plan.act in ("deploy", "rollback") else 0
        until = colours.later(times.now(), self.settings.drain + keep) if keep else None
        before = self.before or Colours(self.colour, times.now())
        colours.write(store.folder, before.serving(self.colour, plan.number, times.now(), until, self._alike))
        if plan.was == STOP_FIRST:
            context.engine.down(self.project)
        _gone(self.trial)
        act.settle_store(context, plan, self.release)
        store.journal.step("drain")
        left = self._drain()
        found = colours.read(store.folder)
        if found and found.warm_until:
            found = found.kept_until(colours.later(times.now(), keep))
            colours.write(store.folder, found)
            warm.see_to_it(context)
        else:
            context.engine.down(colouring.project(self.project, OTHER[self.colour]))
        store.prune()
        words = act.probed(context)
        store.journal.step("done", outcome=plan.act)
        return self._served(words, left, found)

    def _drain(self) -> int:
        """Wait until the old colour has nothing left to answer, up to the limit; return how much it still has."""
        old, begun = OTHER[self.colour], time.monotonic()
        left = self.edge.sessions(old)
        if left:
            self.context.enter("drain", f"waits for {left} requests and connections of the old release")
        while left and time.monotonic() - begun < self.settings.drain:
            time.sleep(_POLL)
            left = self.edge.sessions(old)
        self.context.facts["drain"] = {"seconds": round(time.monotonic() - begun, 2), "left": left}
        return left

    def _served(self, words: str, left: int, found: Optional[Colours]) -> Dict[str, Any]:
        plan, context = self.plan, self.context
        outcome, text = stop_first.OUTCOMES[plan.act]
        previous = context.store.previous()
        kept = found.warm_until if found else None
        way = f"; {previous.number} is kept {f'warm until {kept} ' if kept else ''}as the way back" if previous else ""
        fate = f"stay with {plan.back} until then" if kept else f"of {plan.back} were cut off"
        long = f"; {left} long requests or connections {fate}" if left else ""
        message = f"{self.title} {text} on {context.environment}{words}{way}{long}"
        return act.result(context, self.release, outcome, message, changed=True)


MOVES = "moves the ports to the edge, which interrupts once, and on"


def perform(context: Context, plan: Plan) -> Dict[str, Any]:
    """Let the release of ``plan`` serve; on any failure let the old one go on. Returns the act's result."""
    change = Change(context, plan)
    try:
        change.judge()
        change.switch()
    except HostError as cause:
        return go_back(change, str(cause))
    return change.commit()


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
        return change.commit()
    try:
        change.switch()
    except HostError as cause:
        return go_back(change, str(cause))
    return change.commit()


def forget(context: Context, plan: Plan) -> None:
    """Take away what an act has begun beside what serves."""
    change = Change(context, plan)
    if not change.before or change.before.releases.get(change.colour) != plan.number:
        context.engine.down(colouring.project(change.project, change.colour))
    _gone(change.trial)
    if plan.was is None and plan.act != "start":
        _gone(change.edge)
    elif change.before and change.edge.runs():
        change.edge.point(preview=change.before.live)


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
    _gone(change.trial)
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


def settings_of(context: Context, release: Release) -> settings.Settings:
    """Return the settings of a release; one that was made for stop-first takes those of a serving one that was not."""
    facts, current = release.facts, context.store.current()
    if facts.get("strategy") != BLUE_GREEN and current and current.facts.get("strategy") == BLUE_GREEN:
        facts = current.facts
    return settings.parse(facts.get("blue_green"))


def refusal(context: Context, release: Release) -> Optional[str]:
    """Return the sentence that says why a release cannot run beside another one, or None; nothing is touched."""
    document = running.document(release)
    chosen = settings_of(context, release)
    reason = colouring.cannot_run_twice(document, chosen)
    if reason:
        return reason
    try:
        front.routes_of(context, release, chosen)
    except HostError as error:
        return str(error)
    return None


def _gone(edge: Edge) -> None:
    if edge.folder.exists():  # written before its container
        edge.down()
