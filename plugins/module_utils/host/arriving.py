"""The host that gets an artifact's images: it says what it lacks, and takes only what was offered.

Nothing has a name here before all of it was found to be what was offered.
"""

from __future__ import annotations

import shutil
from typing import Any, Dict, List, Optional

from . import canonical, files, likeness, shelf
from .errors import HostError, UsageError
from .way import ID, Way, checked_id, hash_of

ROOM = 3  # the tar, what the engine unpacks of it, and what it keeps


def want(way: Way) -> Dict[str, Any]:
    """Say what this host lacks of ``images``; when nothing, the artifact is written down.

    Returns ``{missing: [service], chains: [[layer]], store}``; ``chains`` are the layers of the images here.
    """
    found = {service: _here(way, one) for service, one in way.request["images"].items()}
    missing = [service for service, own in found.items() if own is None]
    if not missing:
        return {"missing": [], **_adopt(way, {service: str(own) for service, own in found.items()})}
    store = likeness.store(way.engine)
    same = store == way.request.get("store") == likeness.CLASSIC
    return {"missing": missing, "store": store, "chains": shelf.layers(way.engine) if same else []}


def room(way: Way) -> Dict[str, Any]:
    """Return the ``path`` for a tar of ``bytes``, or refuse when there is no room for it."""
    path, wanted = way.tar(), int(way.request["bytes"]) * ROOM
    free = shutil.disk_usage(path.parent).free
    if free < wanted:
        raise HostError(
            f"{wanted >> 20} MB are needed for the images of {way.component} and {free >> 20} MB are free in "
            f"{path.parent}: free some (df -h {path.parent}; docker system df), then the same again"
        )
    return {"path": str(path)}


def take(way: Way) -> Dict[str, Any]:
    """Load what has arrived, when it is what was packed, check every image, name them, write the artifact down."""
    path = way.tar()
    try:
        if hash_of(path) != way.request["sha256"]:
            raise HostError(f"what arrived of the images of {way.component} is cut off or altered: nothing was kept")
        loaded = ID.findall(shelf.load(way.engine, path))
    finally:
        path.unlink(missing_ok=True)
    ids: Dict[str, str] = {}
    for service, one in way.request["images"].items():
        own = _here(way, one) or _alike(way, one, loaded)
        if own is None:
            _forget(way, loaded)
            raise HostError(f"the image of {service or 'the edge'} is not the one that was offered: nothing was kept")
        ids[service] = own
    return {**_adopt(way, ids), "changed": True}


def fetch(way: Way) -> Dict[str, Any]:
    """Pull the images by digest from the registry they were pushed to, check them, write the artifact down."""
    ids: Dict[str, str] = {}
    for service, one in way.request["images"].items():
        own = _here(way, one)
        if own is None:
            way.tell("carry", f"pulls the image of {service or 'the edge'} from {one['pull'].partition('/')[0]}")
            way.engine.pull(one["pull"])
            arrived = way.engine.image(one["pull"])
            own = _here(way, one) or (_alike(way, one, [str(arrived["Id"])]) if arrived else None)
        if own is None:
            raise HostError(f"{one['pull']} is not the image of {service or 'the edge'} that was offered")
        ids[service] = own
    return {**_adopt(way, ids), "changed": True}


def _here(way: Way, one: Dict[str, Any]) -> Optional[str]:
    """Return the id of an offered image on this host, or None. It must look like what was offered, too."""
    description = way.engine.image(checked_id(one["id"]))
    if description is None or likeness.facts(description)["likeness"] != one["likeness"]:
        return None
    return str(description["Id"])


def _alike(way: Way, one: Dict[str, Any], loaded: List[str]) -> Optional[str]:
    """Return the image among ``loaded`` that is the offered one under another id: only between two kinds of store."""
    if likeness.store(way.engine) == way.request.get("store"):
        return None
    for own in loaded:
        description = way.engine.image(own)
        if description and likeness.facts(description)["likeness"] == one["likeness"]:
            return str(description["Id"])
    return None


def _adopt(way: Way, ids: Dict[str, str]) -> Dict[str, Any]:
    """Name the images, so that nobody prunes them, and write the artifact down as this host has it."""
    artifact = dict(way.request["artifact"])
    if not set(artifact["images"]) <= set(ids):
        raise UsageError("not every image of the artifact was offered")
    for service, own in ids.items():
        shelf.tag(way.engine, own, str(way.request["images"][service]["name"]))
    own_images = {service: {**one, "id": ids[service]} for service, one in artifact["images"].items()}
    record = canonical.encode({**artifact, "images": own_images}) + b"\n"
    if not way.record.exists() or way.record.read_bytes() != record:
        files.make_folder(way.record.parent)
        files.write(way.record, record)
    return {"artifact": {**artifact, "images": own_images}}


def _forget(way: Way, loaded: List[str]) -> None:
    for own in loaded:
        description = way.engine.image(own)
        if description and not description.get("RepoTags"):
            shelf.remove(way.engine, own)
