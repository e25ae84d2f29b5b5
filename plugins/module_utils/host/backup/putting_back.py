"""Putting a restore point's data back into the volumes of a stopped component. Begins anew when it was killed."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

from .. import files, running, times
from ..errors import HostError, UsageError
from ..store import Release
from . import documents, durations, kinds, points, verification
from .points import Point
from .throwaway import Target
from .work import Work

_GRACE = 300  # seconds that a person has to read and type
_TOO_MUCH = 7200  # an acceptance that names more than two hours beyond the truth was not read
_DAY = 86400


def lost_since(point: Point) -> Dict[str, Any]:
    """Return ``{at, seconds}``: everything written after ``at`` is lost by restoring the point now."""
    return {"at": point["at"], "seconds": round(points.age(point))}


def accepted(point: Point, accept_loss: Optional[str], command: str = "") -> float:
    """Return the seconds that are lost; raises ``UsageError`` unless ``accept_loss`` names them."""
    lost = points.age(point)
    try:
        require_named(lost, accept_loss)
    except UsageError as error:
        raise UsageError(
            f"restoring {point['id']} of {point['component']} on {point['environment']} loses what was written since "
            f"{point['at']}, {durations.text(lost)}{error}: accept that by name: "
            f"{command} --accept-loss {durations.text(enough(lost))}".strip()
        ) from None
    return lost


def require_named(lost: float, accept_loss: Optional[str]) -> None:
    """Raise ``UsageError`` unless ``accept_loss`` is not less than what is lost, and at most two hours more."""
    if not accept_loss:
        raise UsageError("")
    given = durations.parse(accept_loss)
    if given < lost:
        raise UsageError(f", more than the accepted {durations.text(given)}")
    if given > lost + _TOO_MUCH:
        raise UsageError(f", far less than the accepted {durations.text(given)}")


def enough(lost: float) -> int:
    """Return the seconds that a person should accept now, with the time to read and type it."""
    size = 60 if lost + _GRACE < _DAY - 60 else 3600  # what two units can say
    return math.ceil((lost + _GRACE) / size) * size


def put_back(work: Work, point: Point, release: Release) -> Dict[str, Any]:
    """Replace the data of the component by the point's, with the images of ``release``; containers are gone after.

    Returns ``{services: {name: [what was compared]}, seconds}``. What is wrong with the point itself is raised before
    anything is touched.
    """
    return exchange(work, point, release, prepared(work, point, release))


def prepared(work: Work, point: Point, release: Release) -> Path:
    """Lay the point out and compare its hashes; where it was never restored by that image, try it in a throw-away one.

    Touches nothing that runs; returns the folder for ``exchange``.
    """
    require_same_place(work, point)
    images = {name: str(one["image"]) for name, one in running.document(release)["services"].items()}
    same = all(images.get(one["service"]) == one["image"] for one in point["services"])
    if point["services"] and not (same and point["verified_at"]):
        verification.verify(work, point, release)
    return verification.fetch(work, point)


def exchange(work: Work, point: Point, release: Release, folder: Path) -> Dict[str, Any]:
    """Remove the containers, empty the volumes, load what lies in ``folder``."""
    begun, context = time.monotonic(), work.context
    looked: Dict[str, List[str]] = {}
    try:
        context.enter("load", f"puts the data of {point['id']} back")
        _remove_containers(work)
        for one in point["services"]:
            looked[one["service"]] = _load(work, release, one, folder / "services" / one["service"])
    finally:
        files.remove_tree(folder)
    return {"services": looked, "seconds": round(time.monotonic() - begun, 2), "at": times.now()}


def require_same_place(work: Work, point: Point) -> None:
    """Refuse the restore point of another component or environment."""
    context = work.context
    if (point["component"], point["environment"]) != (context.component, context.environment):
        raise HostError(
            f"the restore point {point['id']} is of {point['component']} on {point['environment']}, not of "
            f"{context.component} on {context.environment}: restoring it here would mix their data"
        )


def _remove_containers(work: Work) -> None:
    """Remove the containers of the component; its volumes stay."""
    for service in work.services:
        for one in work.containers(service):
            work.context.engine.stop([one["Id"]])
            work.context.engine.remove(one["Id"])


def _load(work: Work, release: Release, one: Dict[str, Any], folder: Any) -> List[str]:
    module = kinds.of(one["kind"])
    target = Target(work.context.engine, work.streams, release, one["service"], documents.RESTORE, work.scratch)
    with target:
        for place in module.places(target, one):
            target.wipe(place)
        module.load(target, one["options"], one, folder)
        found: List[str] = module.check(target, one["options"], one)
        target.stop()
    return found
