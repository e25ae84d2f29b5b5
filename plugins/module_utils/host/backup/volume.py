"""What a service keeps in volumes and folders of the host, copied while the service is stopped.

Options: ``paths``, by default every mount that is written to; ``check``, a command that is run in the throw-away
container, started from the copy, and must succeed.
"""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path
from typing import IO, Any, Dict, List, cast

from ..errors import HostError
from .box import Box
from .throwaway import Target

STOPS = True


def dump(box: Box, options: Dict[str, Any], folder: Path) -> Dict[str, Any]:
    """Write a tar a mount; return ``{version, mounts: {file: target}, files, counts}``."""
    found: Dict[str, Any] = {"version": "", "mounts": {}, "files": [], "counts": {}}
    for target in written(box, options):
        name = f"{target.strip('/').replace('/', '-')}.tar"
        stored = box.copy_out(f"{target}/.", folder / name)
        found["mounts"][name] = target
        found["files"].append({"name": name, **stored._asdict()})
        found["counts"][target] = content(folder / name)
    return found


def written(box: Box, options: Dict[str, Any]) -> List[str]:
    """Return the places in a container where it keeps what it writes; raises ``HostError`` when there are none."""
    mounts = box.engine.containers(f"id={box.container}")[0]["Mounts"]
    chosen = [one["Destination"] for one in mounts if one["RW"] and one["Type"] in ("volume", "bind")]
    wanted = options.get("paths")
    lacking = sorted(set(wanted or []) - set(chosen))
    if lacking or not chosen:
        what = lacking[0] if lacking else "any volume that it writes"
        raise HostError(f"{box.service} does not mount {what}, which is to be backed up: see the Compose file")
    return sorted(wanted or chosen)


def content(packed: Path) -> Dict[str, Any]:
    """Return ``{files, bytes, sha256}`` of a tar: how many files, of what size, and the hash of names and contents."""
    lines, size = [], 0
    with tarfile.open(packed) as tar:
        for member in tar:
            name = member.name.lstrip("./")
            if member.isfile():
                lines.append(f"{_hash(cast(IO[bytes], tar.extractfile(member)))}  {name}")
                size += member.size
            elif not member.isdir():
                lines.append(f"{member.type.decode()} {member.linkname}  {name}")
    return {"files": len(lines), "bytes": size, "sha256": hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()}


def _hash(source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in iter(lambda: source.read(1 << 20), b""):
        digest.update(chunk)
    return digest.hexdigest()


def require_loadable(found: Dict[str, Any], target: Dict[str, Any], service: str) -> None:
    """A copy of files fits the image it was taken from; another one may read it or change it for good."""
    if found.get("image") and target.get("image") and found["image"] != target["image"]:
        raise HostError(
            f"the copy of {service} was taken with the image {found['image'][7:19]}, its release has "
            f"{target['image'][7:19]}: restore it with the release it was taken from"
        )


def load(target: Target, options: Dict[str, Any], found: Dict[str, Any], folder: Path) -> None:
    """Lay the copies out where they were, in a container that is not started."""
    require_loadable(found, {"image": target.image}, target.service)
    for name, inside in found["mounts"].items():
        target.box.copy_in(folder / name, inside)


def check(target: Target, options: Dict[str, Any], found: Dict[str, Any]) -> List[str]:
    """Read every file back and compare; then run the service's own check, if it declares one."""
    looked = []
    for name, inside in found["mounts"].items():
        packed = target.scratch / name
        try:
            target.box.copy_out(f"{inside}/.", packed)
            now, then = content(packed), found["counts"][inside]
        finally:
            packed.unlink(missing_ok=True)
        if now != then:
            raise HostError(f"{target.service}, {inside}: {now}, the copy was of {then}")
        looked.append(f"{inside}: {then['files']} files, {then['bytes']} bytes")
    if options.get("check"):
        target.start().wait(lambda: target.box.answers(*options["check"]), f"the check of {target.service}")
        looked.append(f"{' '.join(options['check'])} succeeds")
    return looked


def places(target: Target, found: Dict[str, Any]) -> List[str]:
    """Return the mounts to be emptied before a load."""
    return sorted(found["mounts"].values())
