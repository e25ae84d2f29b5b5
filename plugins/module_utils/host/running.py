"""Starting a release and waiting until it is healthy: N times in a row, with one deadline, without sleeping blindly."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from . import canonical, colouring, colours, compose, edge_document, environment, files, health, probe
from .context import Context
from .engine import Engine
from .environment import Veil
from .errors import EngineError, UnhealthyError
from .settings import BLUE_GREEN, STOP_FIRST
from .store import Release

Look = Callable[[], Tuple[health.Health, List[Dict[str, Any]]]]

# Compose renames a container like this while it replaces it; a killed replacement leaves it behind.
_LEFTOVER = re.compile(r"/?[0-9a-f]{12}_(.+)")
_UP_SLACK = 120.0


def document(release: Release) -> Dict[str, Any]:
    """Return the Compose document that runs a release."""
    return dict(files.read_json(release.document))


def veil(context: Context, release: Release) -> Veil:
    """Return what hides the values of a release's environment."""
    plain = [context.component, context.environment, *document(release)["services"]]
    return Veil(environment.parse(release.environment.read_bytes()), plain)


def start(context: Context, release: Release) -> None:
    """Make the component's containers those of ``release``; the old ones of the same service stop first."""
    _up(context, release, release.facts["project"], release.document)


def start_colour(context: Context, release: Release, colour: str) -> None:
    """Make the containers of ``colour`` those of ``release``, without ports; the other colour is left alone."""
    coloured = colouring.coloured(document(release), colour)
    file = files.make_folder(context.store.folder / "colours", 0o700) / f"{colour}.json"
    files.write(file, canonical.encode(coloured) + b"\n", 0o600)
    _up(context, release, coloured["name"], file)


def _up(context: Context, release: Release, project: str, file: Path) -> None:
    for kind, name, options in files.read_json(release.shared):
        if not context.engine.exists(kind, name):
            context.engine.create(kind, name, options)
    repair(context.engine, project)
    limit = release.facts["health"]["deadline"] + _UP_SLACK
    try:
        context.engine.up(project, file, release.source, release.environment, limit)
    except EngineError as error:
        raise EngineError(veil(context, release).over(str(error))) from error


def repair(engine: Engine, project: str) -> None:
    """Mend what a killed replacement left: the old container gets its name back, or goes if the new one is there."""
    containers = engine.project(project)
    present = {one["Name"].lstrip("/") for one in containers}
    for one in containers:
        match = _LEFTOVER.fullmatch(one["Name"])
        if match and match[1] in present:
            engine.remove(one["Id"])
        elif match:
            engine.rename(one["Id"], match[1])
            present.add(match[1])


def look(context: Context, release: Release) -> Tuple[health.Health, List[Dict[str, Any]]]:
    """Judge a release once: its containers, and the answer of its service if the catalogue asks for one."""
    facts = release.facts
    containers = context.engine.project(facts["project"])
    found = health.judge(document(release), containers)
    if not found.ok:
        return found, containers
    request = health.request(facts["health"]["probe"], containers)
    if request is None:
        return found, containers
    sample = probe.sample(request)
    if sample["ok"]:
        return found, containers
    answer = f"{facts['health']['probe']['service']}: {probe.target(request)} gives {sample['error']}"
    return found._replace(waiting=[answer]), containers


def settle(
    context: Context, release: Release, again: Optional[Look] = None, consecutive: Optional[int] = None
) -> List[Dict[str, Any]]:
    """Wait until a release was healthy ``consecutive`` times in a row, by the same containers; return them.

    ``again`` judges it once; by default as a release that runs stop-first. Raises ``UnhealthyError`` with what was
    still missing at the deadline, or as soon as waiting cannot help.
    """
    settings = release.facts["health"]
    wanted = consecutive or settings["consecutive"]
    until = time.monotonic() + settings["deadline"]
    row, identity = 0, None
    while True:
        found, containers = _look_again(again or (lambda: look(context, release)))
        if found.ok:
            context.marks.setdefault("good", time.monotonic())
        row = row + 1 if found.ok and found.identity == identity else int(found.ok)
        identity = found.identity
        if row >= wanted:
            return containers
        late = time.monotonic() > until
        if found.hopeless or late:
            reason = "; ".join(found.waiting) or f"healthy only {row} times in a row"
            limit = f" within {settings['deadline']:g} s" if late else ""
            raise UnhealthyError(veil(context, release).over(f"not healthy{limit}: {reason}"))
        time.sleep(settings["interval"])


def _look_again(again: Look) -> Tuple[health.Health, List[Dict[str, Any]]]:
    """Look, and take an engine that does not answer just now (it may be restarting) for a reason to wait."""
    try:
        return again()
    except EngineError as error:
        return health.Health([str(error)], False, ()), []


def strategy(context: Context) -> str:
    """Return how the component runs now."""
    return BLUE_GREEN if colours.read(context.store.folder) else STOP_FIRST


def serving(context: Context, release: Release) -> Tuple[List[Dict[str, Any]], Dict[str, Dict[str, str]]]:
    """Return the containers that serve, and what is published for them (see ``health.published``)."""
    project = release.facts["project"]
    found = colours.read(context.store.folder)
    if found is None:
        containers = context.engine.project(project)
        return containers, health.published(containers)
    edge = context.engine.project(edge_document.project(project))
    return context.engine.project(colouring.project(project, found.live)), edge_document.published(edge)


def is_running(context: Context, release: Release) -> bool:
    """Say whether all of a release that runs stop-first is up and healthy now."""
    return look(context, release)[0].ok


def is_stopped(context: Context, release: Release) -> bool:
    """Say whether nothing runs of a release that runs stop-first."""
    return not any(one["State"].get("Running") for one in context.engine.project(release.facts["project"]))


def holder_of_port(engine: Engine, port: compose.Port, projects: Sequence[str]) -> Optional[str]:
    """Say who holds a port of this host, unless it is free or held by one of the component's own ``projects``."""
    containers = engine.containers(f"publish={port.port}/{port.protocol}")
    for one in containers:
        if (one["Config"].get("Labels") or {}).get("com.docker.compose.project") in projects:
            return None
        return f"the container {one['Name'].lstrip('/')}"
    return None if probe.is_free(port.address, port.port, port.protocol) else "another process (ss -ltnup shows which)"
