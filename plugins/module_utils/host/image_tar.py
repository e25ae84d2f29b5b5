"""What `docker save` writes, read without Docker: which layers it has, and the same tar without those that are there.

Both layouts have `manifest.json`: the old one with a folder a layer, and the one with `blobs/sha256/` (Engine 25 on).
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import tarfile
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Sequence, Set

from . import files
from .errors import HostError


class Saved(NamedTuple):
    """One image in a tar: the hash of its configuration, its layers' hashes, and the tar's member for each of them."""

    config: str
    layers: List[str]
    members: List[str]


def read(path: Path) -> List[Saved]:
    """Return the images in a tar; raises ``HostError`` when it is none that `docker save` has written."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            return [_saved(tar, one) for one in json.loads(_content(tar, "manifest.json"))]
    except (tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise HostError(f"{path.name} is not what docker save writes ({error}): the same command again") from error


def _saved(tar: tarfile.TarFile, one: Dict[str, Any]) -> Saved:
    config = _content(tar, one["Config"])
    layers = [str(layer) for layer in json.loads(config)["rootfs"]["diff_ids"]]
    if len(layers) != len(one["Layers"]):
        raise ValueError("it names other layers than the image has")
    return Saved(f"sha256:{hashlib.sha256(config).hexdigest()}", layers, [str(name) for name in one["Layers"]])


def _content(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.extractfile(name)
    if member is None:
        raise ValueError(f"{name} is no file")
    return member.read()


def known(layers: Sequence[str], chains: Sequence[Sequence[str]]) -> int:
    """Return how many of the first layers another engine has, which has the images ``chains``."""
    best = 0
    for chain in chains:
        length = 0
        while length < min(len(layers), len(chain)) and layers[length] == chain[length]:
            length += 1
        best = max(best, length)
    return best


def spare(images: Sequence[Saved], chains: Sequence[Sequence[str]]) -> Set[str]:
    """Return the members that an engine with the images ``chains`` does not need, since it has these very layers."""
    spared: Set[str] = set()
    needed: Set[str] = set()
    for image in images:
        count = known(image.layers, chains)
        spared.update(image.members[:count])
        needed.update(image.members[count:])
    return spared - needed


def without(source: Path, target: Path, members: Set[str]) -> None:
    """Write the tar ``target``: all of ``source`` but ``members``, unless something that stays is a link to them."""
    with files.explained(target), tarfile.open(source, mode="r:") as tar:
        links = {_target(one) for one in tar if (one.issym() or one.islnk()) and one.name not in members}
        gone = members - links
        with tarfile.open(target, mode="w:") as smaller:
            target.chmod(0o600)
            for member in tar:
                if member.name not in gone:
                    smaller.addfile(member, tar.extractfile(member) if member.isfile() else None)


def _target(link: tarfile.TarInfo) -> str:
    if link.islnk():
        return link.linkname
    return posixpath.normpath(posixpath.join(posixpath.dirname(link.name), link.linkname))
