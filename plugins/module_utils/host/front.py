"""The edge and the colours of a component together: how a release is seen through the edge, held by it, and let go."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional, Tuple

from . import colouring, colours, edge_document, files, haproxy, health, probe, routes, running
from .colours import OTHER
from .context import Context
from .edge import Edge
from .edge_image import make_image
from .errors import EngineError, UnhealthyError
from .haproxy import LIVE
from .routes import Route
from .settings import Settings
from .store import Release

_SEEN = 10.0


def routes_of(context: Context, release: Release, settings: Settings) -> List[Route]:
    """Return the routes of a release, by what its images say of their ports."""
    document = running.document(release)
    images = {name: context.engine.image(one["image"]) or {} for name, one in document["services"].items()}
    return routes.routes(document, images, release.facts["health"]["probe"], settings)


class Held:
    """What the edge is told so that ``release`` can serve as ``colour`` beside the release of the other colour."""

    def __init__(
        self, context: Context, release: Release, colour: str, other: Optional[Release], settings: Settings
    ) -> None:
        """Take the release, its colour, and the release of the other colour if there is one."""
        self.release, self.colour = release, colour
        self._context, self._settings = context, settings
        self._document = running.document(release)
        self._routes = routes_of(context, release, settings)
        beside = routes_of(context, other, settings) if other else self._routes
        self.config = haproxy.config(self._document["name"], {colour: self._routes, OTHER[colour]: beside})

    def document(self, edge: Edge, image: str = "") -> Dict[str, Any]:
        """Return the edge's document; without an image it is good for comparing only."""
        return edge_document.document(self._document, self._routes, image, str(edge.folder), edge.kind)

    def fits(self, edge: Edge) -> bool:
        """Say whether ``edge`` runs and holds all that the release needs."""
        return edge.is_like(self.document(edge)) and edge.runs()

    def write(self, edge: Edge, live: str) -> None:
        """Write what ``edge`` is to be started from."""
        image = make_image(self._context, self._settings)
        edge.write(self.document(edge, image), self.config, live, self.colour)


def look(
    context: Context, release: Release, colour: str, edge: Edge, key: str
) -> Tuple[health.Health, List[Dict[str, Any]]]:
    """Judge a release once as the edge shows it: its containers, the edge's own checks, and an answer through it."""
    document = colouring.coloured(running.document(release), colour)
    containers = context.engine.project(document["name"])
    found = health.judge(document, containers)
    if not found.ok:
        return found, containers
    blind = [one for one in edge.backends() if one.colour == colour and not one.up]
    if blind:
        said = ", ".join(f"{one.port}{f' ({one.said})' if one.said else ''}" for one in blind)
        return found._replace(waiting=[f"the edge does not see it healthy on port {said}"]), containers
    probed = release.facts["health"]["probe"]
    request = edge.request(probed, key)
    sample = probe.sample(request) if request else {"ok": True}
    if sample["ok"]:
        return found, containers
    answer = f"{probed['service']}: {probe.target(request or {})} gives {sample['error']}"
    return found._replace(waiting=[answer]), containers


def wait_seen(edge: Edge, colour: str) -> None:
    """Wait until the edge sees every port of a colour, which it does within a moment of its own start."""
    until = time.monotonic() + _SEEN
    while True:
        own = [one for one in edge.backends() if one.colour == colour]
        if own and all(one.up for one in own):
            return
        if time.monotonic() > until:
            raise UnhealthyError(f"the edge {edge.project} does not see {colour} within {_SEEN:g} s")
        time.sleep(0.02)


def step_aside(context: Context, project: str) -> None:
    """Let go of the ports, for a release that takes them itself; the colours run on as the way back."""
    Edge(context, project).stop()


def come_back(context: Context, release: Release) -> None:
    """Hold the ports again for ``release``, in the colour that served. Raises ``UnhealthyError``."""
    found = colours.read(context.store.folder)
    if found is None:
        raise UnhealthyError("nothing is known of its colour any more")
    edge = Edge(context, release.facts["project"])
    edge.up()
    if not is_ready(context, release, found.live):
        running.start_colour(context, release, found.live)
    running.settle(context, release, lambda: look(context, release, found.live, edge, LIVE))


def is_ready(context: Context, release: Release, colour: str) -> bool:
    """Say whether a colour runs ``release`` already, with healthy containers."""
    document = colouring.coloured(running.document(release), colour)
    return health.judge(document, context.engine.project(document["name"])).ok


def remove(context: Context, project: str) -> None:
    """Take the edge and both colours away, and forget them."""
    for kind in (edge_document.EDGE, edge_document.TRIAL):
        Edge(context, project, kind).down()
    for colour in OTHER:
        context.engine.down(colouring.project(project, colour))
    colours.forget(context.store.folder)
    files.remove_tree(context.store.folder / "colours")


def is_serving(context: Context, release: Release, found: colours.Colours) -> bool:
    """Say whether ``release`` serves, in the colour that it should, through an edge that runs."""
    edge = Edge(context, release.facts["project"])
    if found.releases.get(found.live) != release.number or not edge.runs():
        return False
    if edge.mapping()[LIVE] != found.live:
        return False
    try:
        return look(context, release, found.live, edge, LIVE)[0].ok
    except EngineError:
        return False


def is_down(context: Context, release: Release, found: colours.Colours) -> bool:
    """Say whether the edge or the colour that should serve does not run at all."""
    project = release.facts["project"]
    containers = context.engine.project(colouring.project(project, found.live))
    return not Edge(context, project).runs() or not any(one["State"].get("Running") for one in containers)
