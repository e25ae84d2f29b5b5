"""The images of one artifact on their way from the host that built them to another: offer, want, pack, take, drop.

The tar waits on the two hosts (``carrying/`` in the state folder), never on the control node, which passes it on
piece by piece. Nothing has a name on the other host before all of it was found to be what was offered.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

from . import canonical, files, image_tar, images, likeness, names, registry, shelf
from .engine import Engine
from .errors import HostError, UsageError
from .state import State

STALE = 6 * 3600.0
ROOM = 3  # the tar, what the engine unpacks of it, and what it keeps
_NAME = re.compile(r"[a-z0-9_-]{1,80}\.tar")
_ID = re.compile(r"sha256:[0-9a-f]{64}")
_BLOCK = 1 << 20

Tell = Callable[[str, str], None]


class Carrying:
    """One host's end of the way."""

    def __init__(self, state: State, engine: Engine, request: Dict[str, Any], tell: Tell) -> None:
        """Take the request: ``{step, component, tree, …}``; see each step for what else it reads."""
        self._engine, self._request, self._tell, self._state = engine, request, tell, state
        self._component = names.checked("component", request.get("component"))
        self._tree = str(request.get("tree"))
        if not self._tree.isalnum():
            raise UsageError("there is no artifact without a tree hash")
        self._record = state.artifact(self._component, self._tree)
        self._folder = state.root / "carrying"

    def __call__(self) -> Dict[str, Any]:
        """Do the step and return what it found; raises ``HostError``."""
        steps = {
            "offer": self.offer,
            "want": self.want,
            "pack": self.pack,
            "take": self.take,
            "drop": self.drop,
            "room": self.room,
            "fetch": self.fetch,
        }
        step = str(self._request.get("step"))
        if step not in steps:
            raise UsageError(f"{step!r} is no step of carrying: known are {', '.join(steps)}")
        return {"changed": False, "failed": False, **steps[step]()}

    def offer(self) -> Dict[str, Any]:
        """Say what this host has: ``{artifact, store, images: {service: {id, layers, bytes, likeness}}}``.

        With ``registry``, the images are pushed there first, and each has the ``reference`` to pull it by digest.
        """
        if not self._record.exists():
            raise HostError(
                f"{self._component} of commit tree {self._tree[:12]} was never built on this host: deploy it"
            )
        artifact = dict(files.read_json(self._record))
        offered = {}
        for service, one in artifact["images"].items():
            description = self._engine.image(one["id"])
            if description is None:
                raise HostError(f"the image of {service} is not in the engine any more: deploy the commit again")
            offered[service] = {"id": one["id"], **likeness.facts(description)}
            if self._request.get("registry"):
                own = images.own_tag(self._component, service, self._tree)
                self._tell("carry", f"pushes the image of {service} to {self._request['registry']}")
                offered[service]["pull"] = registry.push(self._engine, one["id"], self._request["registry"], own)
        return {"artifact": artifact, "store": likeness.store(self._engine), "images": offered}

    def want(self) -> Dict[str, Any]:
        """Say what this host lacks of ``images``; what is all there is written down as the artifact.

        Returns ``{missing: [service], chains: [[layer]], store}``; ``chains`` are the layers of the images here.
        """
        found = {service: self._here(one) for service, one in self._request["images"].items()}
        missing = [service for service, own in found.items() if own is None]
        if not missing:
            return {"missing": [], **self._adopt({service: str(own) for service, own in found.items()})}
        store = likeness.store(self._engine)
        same = store == self._request.get("store") == likeness.CLASSIC
        return {"missing": missing, "store": store, "chains": shelf.layers(self._engine) if same else []}

    def pack(self) -> Dict[str, Any]:
        """Write the images ``ids`` into a tar, without the layers of ``chains``; ``{name, bytes, sha256, path}``."""
        self._sweep()
        name = f"{self._component}-{self._tree[:12]}-{secrets.token_hex(4)}.tar"
        path = files.make_folder(self._folder, 0o700) / name
        whole = path.with_suffix(".whole")
        try:
            # By their ids: so nothing in the tar has a name that the other engine would give away too early.
            ids = [_checked_id(one) for one in self._request["ids"]]
            shelf.save(self._engine, ids, whole)
            spare = image_tar.spare(image_tar.read(whole), self._request.get("chains") or [])
            if spare:
                image_tar.without(whole, path, spare)
            else:
                whole.replace(path)
            return {"name": name, "path": str(path), "bytes": path.stat().st_size, "sha256": _hash(path)}
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            whole.unlink(missing_ok=True)

    def room(self) -> Dict[str, Any]:
        """Make the place for a tar of ``bytes`` ready, or refuse; ``{path}``."""
        self._sweep()
        folder, wanted = files.make_folder(self._folder, 0o700), int(self._request["bytes"])
        free = shutil.disk_usage(folder).free
        if free < wanted * ROOM:
            raise HostError(
                f"{wanted * ROOM >> 20} MB are needed for the images of {self._component} and {free >> 20} MB are free "
                f"on {folder}: free some (df -h {folder}; docker system df), then the same again"
            )
        return {"path": str(folder / self._name())}

    def take(self) -> Dict[str, Any]:
        """Load what has arrived, when it is what was packed, check every image, name them, write the artifact down."""
        path = self._folder / self._name()
        try:
            found = _hash(path) if path.exists() else "nothing"
            if found != self._request["sha256"]:
                raise HostError(
                    f"what arrived of the images of {self._component} is cut off or altered: nothing was kept"
                )
            loaded = _ID.findall(shelf.load(self._engine, path))
        finally:
            path.unlink(missing_ok=True)
        ids: Dict[str, str] = {}
        for service, one in self._request["images"].items():
            own = self._here(one) or self._alike(one, loaded)
            if own is None:
                self._forget(loaded)
                raise HostError(
                    f"the image of {service} that arrived is not the one that was offered: nothing was kept"
                )
            ids[service] = own
        return {**self._adopt(ids), "changed": True}

    def fetch(self) -> Dict[str, Any]:
        """Pull the images by digest from the registry they were pushed to, check them, write the artifact down."""
        ids: Dict[str, str] = {}
        for service, one in self._request["images"].items():
            own = self._here(one)
            if own is None:
                self._tell("carry", f"pulls the image of {service} from {one['pull'].partition('/')[0]}")
                self._engine.pull(one["pull"])
                arrived = self._engine.image(one["pull"])
                own = self._here(one) or (self._alike(one, [str(arrived["Id"])]) if arrived else None)
            if own is None:
                raise HostError(f"{one['pull']} is not the image of {service} that was offered: build it anew")
            ids[service] = own
        return {**self._adopt(ids), "changed": True}

    def drop(self) -> Dict[str, Any]:
        """Remove a tar that has been passed on."""
        (self._folder / self._name()).unlink(missing_ok=True)
        return {}

    def _here(self, one: Dict[str, Any]) -> Any:
        """Return the id of an offered image on this host, or None. It must look like what was offered, too."""
        description = self._engine.image(_checked_id(one["id"]))
        if description is None or likeness.facts(description)["likeness"] != one["likeness"]:
            return None
        return str(description["Id"])

    def _alike(self, one: Dict[str, Any], loaded: List[str]) -> Any:
        """Return the image among ``loaded`` that is the offered one under another id.

        The id is the configuration's hash in the classic store and the manifest's in containerd's, so between two
        kinds of store it cannot be the same; layers and configuration are.
        """
        if likeness.store(self._engine) == self._request.get("store"):
            return None
        for own in loaded:
            description = self._engine.image(own)
            if description and likeness.facts(description)["likeness"] == one["likeness"]:
                return str(description["Id"])
        return None

    def _adopt(self, ids: Dict[str, str]) -> Dict[str, Any]:
        """Name the images, so that nobody prunes them, and write the artifact down as this host has it."""
        artifact = dict(self._request["artifact"])
        pinned = {service: {**one, "id": ids[service]} for service, one in artifact["images"].items() if service in ids}
        if set(pinned) != set(artifact["images"]):
            raise UsageError("not every image of the artifact was offered")
        for service, own in ids.items():
            shelf.tag(self._engine, own, images.own_tag(self._component, service, self._tree))
        record = canonical.encode({**artifact, "images": pinned}) + b"\n"
        if not self._record.exists() or self._record.read_bytes() != record:
            files.make_folder(self._record.parent)
            files.write(self._record, record)
        return {"artifact": {**artifact, "images": pinned}}

    def _forget(self, loaded: List[str]) -> None:
        for own in loaded:
            description = self._engine.image(own)
            if description and not description.get("RepoTags"):
                shelf.remove(self._engine, own)

    def _name(self) -> str:
        name = str(self._request.get("name"))
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name[:80]!r} is not the name of a tar on its way")
        return name

    def _sweep(self) -> None:
        """Remove what runs that were killed have left."""
        for path in self._folder.iterdir() if self._folder.is_dir() else []:
            try:
                if time.time() - path.stat().st_mtime > STALE:
                    path.unlink()
            except FileNotFoundError:
                continue


def _checked_id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise UsageError(f"{str(value)[:80]!r} is not the id of an image")
    return value


def _hash(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            if not block:
                return found.hexdigest()
            found.update(block)
