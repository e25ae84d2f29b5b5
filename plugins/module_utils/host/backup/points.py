"""The records of restore points: ``<state>/<environment>/backups/<component>/<id>.json``.

A record is written when its snapshot is in the repository (``verified_at`` null), and again when it was restored once.
One that is being forgotten is marked first, so that a record never promises what is gone.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, Dict, List, Optional

from .. import canonical, files
from ..errors import HostError, UsageError
from . import durations
from .settings import Place
from .shown import ID

Point = Dict[str, Any]


def new_id() -> str:
    """Return the id of a restore point of now."""
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(2)}"


def checked(point: object) -> str:
    """Return ``point`` when it is an id."""
    if isinstance(point, str) and ID.fullmatch(point):
        return point
    raise UsageError(f"{str(point)[:40]!r} is no restore point: their ids are like 20260131T120000Z-0a1b")


def every(place: Place, component: str) -> List[Point]:
    """Return a component's restore points, the oldest first."""
    folder = place.component(component)
    found = [files.read_json(path) for path in folder.glob("*.json") if ID.fullmatch(path.stem)]
    return sorted((one for one in found if not one.get("forgetting")), key=lambda one: str(one["id"]))


def forgetting(place: Place, component: str) -> List[Point]:
    """Return those whose removal was begun."""
    paths = [path for path in place.component(component).glob("*.json") if ID.fullmatch(path.stem)]
    return [one for one in map(files.read_json, paths) if one.get("forgetting")]


def write(place: Place, point: Point) -> None:
    """Keep a record."""
    folder = files.make_folder(place.component(point["component"]), 0o700)
    files.write(folder / f"{point['id']}.json", canonical.encode(point) + b"\n")


def remove(place: Place, point: Point) -> None:
    """Remove a record; its snapshot is gone already."""
    path = place.component(point["component"]) / f"{point['id']}.json"
    with files.explained(path):
        path.unlink(missing_ok=True)
        files.sync_folder(path.parent)


def find(place: Place, component: str, wanted: Optional[str], release: Optional[int] = None) -> Point:
    """Return the restore point ``wanted``, else the newest verified one (of ``release``, if given)."""
    known = every(place, component)
    if wanted is None:
        fit = [one for one in known if one["verified_at"] and release in (None, one["release"])]
        if not fit:
            of_release = f" of release {release}" if release is not None else ""
            raise HostError(
                f"{component} on {place.environment} has no verified restore point{of_release}: "
                f"{listed(known)}; ansible-playbook backup.yml -e component={component} -e target={place.environment}"
            )
        return fit[-1]
    checked(wanted)
    for one in known:
        if one["id"] == wanted:
            return one
    raise HostError(_elsewhere(place, component, wanted) or f"there is no restore point {wanted}: {listed(known)}")


def _elsewhere(place: Place, component: str, wanted: str) -> Optional[str]:
    for path in sorted(place.state.root.glob(f"*/backups/*/{wanted}.json")):
        one = files.read_json(path)
        return (
            f"the restore point {wanted} is of {one['component']} on {one['environment']}, not of {component} on "
            f"{place.environment}: restoring it here would mix their data"
        )
    return None


def listed(known: List[Point]) -> str:
    """Say which restore points there are."""
    told = [f"{one['id']}{'' if one['verified_at'] else ' (unverified)'}" for one in known[-5:]]
    return f"there are {', '.join(told)}" if told else "there are none"


def age(point: Point) -> float:
    """Return the seconds since a restore point was begun: what restoring it would lose at most."""
    return max(0.0, time.time() - durations.moment(point["at"]))
