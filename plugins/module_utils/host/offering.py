"""The host that has an artifact's images: it offers them, packs what another lacks, and clears away."""

from __future__ import annotations

import secrets
from typing import Any, Dict

from . import edge_image, files, image_tar, images, likeness, registry, shelf
from .errors import HostError
from .way import Way, checked_id, hash_of


def offer(way: Way) -> Dict[str, Any]:
    """Say what this host has: ``{artifact, store, images: {service: {id, layers, bytes, likeness}}}``.

    ``if_there``: without the artifact it says ``artifact: None``. With ``registry``, the images are pushed there first,
    and each has in ``pull`` the reference by digest.
    """
    if not way.record.exists():
        if way.request.get("if_there"):
            return {"artifact": None, "store": None, "images": {}}
        raise HostError(f"{way.component} of tree {way.tree[:12]} was never built on this host: deploy it here first")
    artifact = dict(files.read_json(way.record))
    offered: Dict[str, Dict[str, Any]] = {}
    for service, one in artifact["images"].items():
        description = way.engine.image(one["id"])
        if description is None:
            raise HostError(f"the image of {service} is not in the engine any more: deploy the commit again")
        offered[service] = {
            "id": one["id"],
            "name": images.own_tag(way.component, service, way.tree),
            **likeness.facts(description),
        }
    edge = way.engine.image(edge_image.TAG)
    if edge is not None:
        offered[""] = {"id": edge["Id"], "name": edge_image.TAG, **likeness.facts(edge)}
    if way.request.get("registry"):
        for service, one in offered.items():
            way.tell("carry", f"pushes the image of {service or 'the edge'} to {way.request['registry']}")
            one["pull"] = registry.push(way.engine, one["id"], way.request["registry"], one["name"])
    return {"artifact": artifact, "store": likeness.store(way.engine), "images": offered}


def pack(way: Way) -> Dict[str, Any]:
    """Write the images ``ids`` into a tar, without the layers of ``chains``; ``{name, path, bytes, sha256}``."""
    path = way.folder() / f"{way.component}-{way.tree[:12]}-{secrets.token_hex(4)}.tar"
    whole = path.with_suffix(".whole")
    try:
        shelf.save(way.engine, [checked_id(one) for one in way.request["ids"]], whole)
        spare = image_tar.spare(image_tar.read(whole), way.request.get("chains") or [])
        if spare:
            image_tar.without(whole, path, spare)
        else:
            whole.replace(path)
        return {"name": path.name, "path": str(path), "bytes": path.stat().st_size, "sha256": hash_of(path)}
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        whole.unlink(missing_ok=True)


def drop(way: Way) -> Dict[str, Any]:
    """Remove a tar that has been passed on."""
    way.tar().unlink(missing_ok=True)
    return {}
