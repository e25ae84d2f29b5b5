"""One release on its way to serve as a colour: started beside the one that serves, judged, given the traffic."""

from __future__ import annotations

import time
from typing import Optional

from . import act, colours, edge_document, front, running, side_by_side
from .act import Plan
from .colours import Colours
from .context import Context
from .edge import Edge
from .haproxy import LIVE, NOBODY, PREVIEW
from .settings import BLUE_GREEN, STOP_FIRST
from .store import Release

MOVES = "moves the ports to the edge, which interrupts once, and on"


class Change:
    """One act: ``number`` of the plan shall serve as the plan's colour."""

    def __init__(self, context: Context, plan: Plan) -> None:
        """Take the act; what serves now is read from the store."""
        self.context, self.plan = context, plan
        self.release = context.store.release(plan.number)
        self.project = self.release.facts["project"]
        self.colour = str(plan.colour)
        self.before: Optional[Colours] = colours.read(context.store.folder)
        self.settings = side_by_side.settings_of(context, self.release)
        self.edge = Edge(context, self.project)
        self.trial = Edge(context, self.project, edge_document.TRIAL)
        self.title = f"{context.component} {plan.number}"
        self._held: Optional[front.Held] = None
        self.alike = False

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
        self._as_recorded()
        journal.step("start")
        beside = f" beside {self.plan.back}" if self.plan.back is not None else ""
        ready = front.is_ready(context, self.release, self.colour)
        context.facts["warm"] = ready
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

    def _as_recorded(self) -> None:
        """Lead the edge to the colour that is recorded, if its map's file names the other one, or none.

        So it is after an act whose journal was lost between its switch and its record, and when that file was cut off.
        """
        before, back = self.before, self.back
        strays = before and before.live not in (self.colour, self.edge.mapping()[LIVE])
        if strays and before and back and self.edge.runs() and front.is_ready(self.context, back, before.live):
            self.edge.point(live=before.live)

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
        self.alike = not moves
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
