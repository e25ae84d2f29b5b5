"""What is looked at before a second release is started beside the first: may it, does it fit, is all there."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

from . import colouring, colours, compose, edge_document, front, running, settings
from .context import Context
from .edge_image import make_image
from .errors import HostError
from .settings import BLUE_GREEN, Settings
from .store import Release

_MEMINFO = Path("/proc/meminfo")


def verify(context: Context, release: Release, meminfo: Path = _MEMINFO) -> None:
    """Refuse a release that cannot run beside another one, in a sentence. Makes the edge's image; touches nothing."""
    document = running.document(release)
    available = colouring.memory_available(meminfo.read_text(encoding="ascii")) if meminfo.exists() else None
    reason = (
        refusal(context, release)
        or _foreign(context, document["name"])
        or colouring.too_little_memory(colouring.memory_limit(document), available, _given_up(context))
    )
    if reason:
        raise HostError(reason)
    make_image(context, settings_of(context, release))


def settings_of(context: Context, release: Release) -> Settings:
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


def _given_up(context: Context) -> int:
    """Return the memory that the colour which is kept warm may take, and which is replaced."""
    found = colours.read(context.store.folder)
    number = found.releases.get(found.idle) if found else None
    if number is None or number not in context.store.numbers():
        return 0
    return colouring.memory_limit(running.document(context.store.release(number))) or 0


def _foreign(context: Context, project: str) -> Optional[str]:
    """Return the sentence that names another component's containers where this one's colours would go."""
    wanted = [colouring.project(project, colour) for colour in colours.OTHER]
    for name in [*wanted, edge_document.project(project)]:
        for one in context.engine.project(name):
            owner = (one["Config"].get("Labels") or {}).get(compose.LABEL_COMPONENT)
            if owner != context.component:
                return f"the Compose project {name} is {owner or 'somebody'}'s already: choose strategy: stop-first"
    return None
