"""What every act on the backups of one component needs, and the mending of one that was cut off."""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List

from .. import colouring, colours, files, health, lock, times
from ..context import Context
from ..errors import HostError
from ..journal import Journal
from ..store import Release
from . import documents, points, throwaway
from .restic import Restic
from .settings import Place
from .streams import Streams

_HEALTHY = 300.0


@dataclass
class Work:
    """One act; ``context`` says who acts on what."""

    context: Context
    streams: Streams

    @property
    def place(self) -> Place:
        """The environment's backups."""
        return Place(self.context.state, self.context.environment)

    @property
    def folder(self) -> Path:
        """The component's restore points."""
        return files.make_folder(self.place.component(self.context.component), 0o700)

    @property
    def scratch(self) -> Path:
        """Where dumps lie until they are stored; nothing in it survives the act."""
        return self.folder / "work"

    @property
    def journal(self) -> Journal:
        """The steps of the act."""
        return Journal(self.folder / "journal.jsonl")

    @property
    def restic(self) -> Restic:
        """The repository."""
        return self.place.restic(self.streams)

    @property
    def services(self) -> Dict[str, Dict[str, Any]]:
        """The services that have data: ``{name: {kind, …}}``."""
        return self.place.settings().components.get(self.context.component, {})

    def release(self) -> Release:
        """Return the release that serves."""
        current = self.context.store.current()
        if current is None:
            raise HostError(f"{self.context.title} was never deployed: there is nothing to back up")
        return current

    def containers(self, service: str) -> List[Dict[str, Any]]:
        """Return the containers of a service, running or not: of this component's own projects, never by name alone."""
        project = str(self.release().facts["project"])
        projects = [project, *(colouring.project(project, colour) for colour in colours.OTHER)]
        found = [one for name in projects for one in self.context.engine.project(name)]
        return [one for one in found if health.service_of(one) == service]

    def start(self, containers: List[str]) -> None:
        """Start containers that were stopped for a copy, and wait until they are healthy; one that is gone is not."""
        engine, component = self.context.engine, self.context.component
        there = self.known(containers)
        if there:
            engine.ask("start", *there, deadline=_HEALTHY)
        until = time.monotonic() + _HEALTHY
        while True:
            states = [one["State"] for one in engine.containers() if one["Id"] in containers]
            healthy = [
                one["Running"] and (one.get("Health") or {}).get("Status", "healthy") == "healthy" for one in states
            ]
            if len(healthy) == len(containers) and all(healthy):
                return
            if len(healthy) < len(containers) or time.monotonic() > until:
                raise HostError(
                    f"{component} was stopped for its copy, and {sum(healthy)} of its {len(containers)} containers are "
                    f"healthy again: tta-ops status {component} shows it, deploying it once more starts it"
                )
            time.sleep(0.2)

    def known(self, containers: List[str]) -> List[str]:
        """Return those of the containers that the engine still has."""
        return [one["Id"] for one in self.context.engine.containers() if one["Id"] in containers]


@contextlib.contextmanager
def alone(work: Work) -> Iterator[None]:
    """Let one act at a time work on a component's backups; first mend what an earlier one has left."""
    context = work.context
    who = {key: getattr(context, key) for key in ("component", "environment", "run", "actor", "reason")}
    holder = dict(who, since=times.now(), component=f"the backup of {context.component}")
    with lock.Lock(work.folder / "lock", holder) as held:
        work.streams.inherited = (*work.streams.inherited, held.handle)
        mend(work)
        try:
            yield
        finally:
            files.remove_tree(work.scratch)


@contextlib.contextmanager
def stopped(work: Work, service: str) -> Iterator[None]:
    """Stop a service, and start it again whatever happens; the component's lock keeps others away meanwhile."""
    context = work.context
    own = [one["Id"] for one in work.containers(service) if one["State"]["Running"]]
    who = {key: getattr(context, key) for key in ("component", "environment", "run", "actor", "reason")}
    held = (
        contextlib.nullcontext() if context.lock else lock.Lock(context.store.lock_path, dict(who, since=times.now()))
    )
    with held:
        work.journal.step("stop", containers=own)
        begun = time.monotonic()
        try:
            context.engine.stop(own)
            yield
        finally:
            work.start(own)
            work.journal.step("started")
            context.facts["gap_seconds"] = round(time.monotonic() - begun, 1)


def mend(work: Work) -> None:
    """Bring what an act that was killed has left to an end: stopped services start, what was half-way goes."""
    lines = work.journal.unfinished()
    files.remove_tree(work.scratch)
    files.make_folder(work.scratch, 0o700)
    if not lines:
        return
    work.context.tell("mend", f"the {lines[0]['act']} by {lines[0]['actor']} was cut off: cleans up after it")
    current = work.context.store.current()
    if current:
        for purpose in (documents.VERIFY, documents.RESTORE):
            throwaway.remove(work.context.engine, throwaway.project(current, purpose))
    steps = {line["step"]: line for line in lines}
    if "stop" in steps and "started" not in steps:
        work.start(work.known(steps["stop"]["containers"]))  # whoever replaced the others has started them
    work.restic.unlock()
    if lines[0]["act"] == "backup":
        adopt(work)
        work.journal.step("done", outcome="forgotten")


def adopt(work: Work) -> List[str]:
    """Write the records of stored restore points that have none: a killed run's, or those of a lost host."""
    context = work.context
    known = {one["id"] for one in points.every(work.place, context.component)}
    known |= {one["id"] for one in points.forgetting(work.place, context.component)}
    found = []
    for snapshot in work.restic.snapshots(f"component={context.component}", f"environment={context.environment}"):
        point = next((tag[6:] for tag in snapshot.get("tags") or [] if tag.startswith("point=")), None)
        if point and point not in known:
            manifest = json.loads(work.restic.text(snapshot["id"], "/manifest.json"))
            points.write(work.place, {**manifest, "snapshot": snapshot["id"], "verified_at": None})
            found.append(point)
    return found
