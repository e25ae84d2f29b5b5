"""A restore point counts when it was restored once: into throw-away containers of the same image, without network."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

from .. import files, times
from ..errors import HostError
from ..store import Release
from . import documents, kinds, points
from .points import Point
from .streams import hash_of
from .throwaway import Target
from .work import Work


def verify(work: Work, point: Point, release: Optional[Release] = None) -> Point:
    """Restore a point from the repository, compare counts, let each service check itself; return the new record.

    By the release that it was taken of, as it is in the backup; or by ``release``, to see whether that one reads it.
    """
    context = work.context
    work.journal.step("verify") if work.journal.unfinished() else work.journal.begin(
        act="verify", point=point["id"], actor=context.actor, run=context.run
    )
    context.enter("verify", f"restores {point['id']} into throw-away containers without network")
    begun, looked = time.monotonic(), {}
    try:
        folder = fetch(work, point)
        own = release or Release(int(point["release"]), folder / "release")
        for one in point["services"]:
            looked[one["service"]] = _try(work, own, one, folder)
    except HostError as error:
        if release is not None:
            raise HostError(f"release {release.number} does not read {point['id']}: {error}") from error
        points.write(work.place, {**point, "verified_at": None, "problem": str(error)})
        raise HostError(f"the restore point {point['id']} of {context.component} is not verified: {error}") from error
    finally:
        files.remove_tree(work.scratch / "fetched")
    if release is None:
        seconds = {**point["seconds"], "verify": round(time.monotonic() - begun, 2)}
        point = {**point, "verified_at": times.now(), "problem": None, "seconds": seconds, "looked": looked}
        points.write(work.place, point)
    return point


def _try(work: Work, release: Release, one: Dict[str, Any], folder: Path) -> List[str]:
    service = one["service"]
    module = kinds.of(one["kind"])
    target = Target(work.context.engine, work.streams, release, service, documents.VERIFY, work.scratch)
    if work.context.engine.image(target.image) is None:
        raise HostError(f"the image {target.image[7:19]} of {service} is not in the engine any more: build it again")
    with target:
        module.load(target, one["options"], one, folder / "services" / service)
        found: List[str] = module.check(target, one["options"], one)
    return found


def fetch(work: Work, point: Point) -> Path:
    """Lay a restore point out and compare every file with what was stored; return the folder."""
    folder = work.scratch / "fetched"
    files.remove_tree(folder)
    work.restic.fetch(str(point["snapshot"]), folder)
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError) as error:
        raise HostError(f"the snapshot of {point['id']} has no manifest ({error})") from error
    for key in ("id", "component", "environment"):
        if manifest.get(key) != point[key]:
            raise HostError(f"the snapshot of {point['id']} is of {manifest.get('component')} {manifest.get('id')}")
    for path, wanted in _expected(manifest).items():
        if not (folder / path).is_file():
            raise HostError(f"{path} is missing in the snapshot of {point['id']}")
        if hash_of(folder / path).sha256 != wanted:
            raise HostError(f"{path} of {point['id']} is not what was stored: its hash differs")
    return folder


def _expected(manifest: Dict[str, Any]) -> Dict[str, str]:
    found = {str(one["name"]): str(one["sha256"]) for one in manifest["files"]}
    for service in manifest["services"]:
        found.update({f"services/{service['service']}/{one['name']}": one["sha256"] for one in service["files"]})
    return found
