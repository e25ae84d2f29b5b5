"""Keeps the images of kept releases from `docker image prune --all`: each has a container that never runs.

A tag does not hold an image against that command, a container does. Found as the Compose project `<project>-kept`.
"""

from __future__ import annotations

from typing import Any, Dict, List, Set

from . import files
from .context import Context
from .engine import PROJECT, SERVICE
from .errors import EngineError
from .store import Release

LABEL = "tta.ops.keeps"


def project(release_project: str) -> str:
    """Return the name of the Compose project that the holders of a component's images belong to."""
    return f"{release_project}-kept"


def images_of(releases: List[Release]) -> Dict[str, str]:
    """Return ``{image id: service}`` of what releases run; what cannot be read of one is left out."""
    found: Dict[str, str] = {}
    for release in releases:
        for service, one in (release.facts["artifact"].get("images") or {}).items():
            found[str(one["id"])] = service
    return found


def see_to_it(context: Context) -> None:
    """Let every image of a kept release that served have its holder, and no other image one.

    An image that is gone from the engine needs none; whatever goes wrong is told and is no reason to fail an act.
    """
    kept = [context.store.release(number) for number in context.store.numbers()]
    if not kept:
        return
    wanted = images_of([one for one in kept if one.outcome == "deployed"])
    name = project(kept[-1].facts["project"])
    try:
        there = {str((one["Config"].get("Labels") or {}).get(LABEL)): one for one in context.engine.project(name)}
        for image in sorted(set(wanted) - set(there)):
            labels = {PROJECT: name, SERVICE: wanted[image], LABEL: image}
            context.engine.hold(image, f"{name}-{image[7:19]}", labels)
        for image in sorted(set(there) - set(wanted)):
            context.engine.remove(there[image]["Id"])
    except EngineError as error:
        context.tell("record", f"the images of kept releases are not all kept from pruning: {error}")


def needed(context: Context) -> Set[int]:
    """Return the releases that restore points belong to: they are not pruned."""
    folder = context.state.root / context.environment / "backups" / context.component
    found: List[Any] = [files.read_json(path) for path in sorted(folder.glob("*.json"))]
    return {int(one["release"]) for one in found if isinstance(one, dict) and str(one.get("release") or "").isdigit()}
