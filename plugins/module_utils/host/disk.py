"""The room on the disk that a component takes, and what could be had back; shared layers count once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Dict, Iterable, List, Tuple

from . import holders
from .engine import Engine
from .errors import HostError
from .state import State

Layers = Dict[str, int]


def usage(state: State, engine: Engine) -> Dict[str, Any]:
    """Return ``{free_bytes, components: {environment: {component: {releases_bytes, images_bytes}}}, reclaimable}``.

    ``reclaimable`` is ``{images, bytes}``: images that the toolkit had built, carried or named, and that neither a kept
    release nor a container needs any more.
    """
    there = {str(one["Id"]): one for one in engine.images()}
    kept = {name: {one: _images(state, name, one) for one in state.components(name)} for name in state.environments()}
    used = {image for own in kept.values() for images in own.values() for image in images} | engine.images_in_use()
    spare = [image for image, one in there.items() if image not in used and _is_ours(one)]
    rest = _layers(engine, [image for image in there if image not in spare])
    return {
        "free_bytes": shutil.disk_usage(state.root).free if state.root.is_dir() else None,
        "components": {
            name: {
                one: {
                    "releases_bytes": _size(state.store(name, one).folder / "releases"),
                    "images_bytes": sum(_layers(engine, [image for image in images if image in there]).values()),
                }
                for one, images in own.items()
            }
            for name, own in kept.items()
        },
        "reclaimable": {
            "images": len(spare),
            "bytes": sum(size for layer, size in _layers(engine, spare).items() if layer not in rest),
        },
    }


def _images(state: State, environment: str, component: str) -> List[str]:
    store = state.store(environment, component)
    try:
        return sorted(holders.images_of([store.release(number) for number in store.numbers()]))
    except HostError:
        return []  # a damaged release is named by status itself


def _is_ours(image: Dict[str, Any]) -> bool:
    labelled = any(str(label).startswith("tta.ops.") for label in image.get("Labels") or {})
    return labelled or any(str(tag).startswith(("tta-ops/", "tta-ops-edge:")) for tag in image.get("RepoTags") or [])


def _layers(engine: Engine, images: Iterable[str]) -> Layers:
    """Return each layer with its bytes, known by all that lie below it too; what the engine has lost is left out."""
    found: Layers = {}
    for image in images:
        for chain, size in chains(*engine.layers_of(image)):
            found[chain] = size
    return found


def chains(layers: List[str], history: List[Dict[str, Any]]) -> List[Tuple[str, int]]:
    """Return ``(name of the layer with all below it, bytes)`` for an image, from what the engine says of it.

    ``history`` has the newest step first; a step that left no layer has no size.
    """
    sizes = [int(step.get("Size") or 0) for step in reversed(history) if step.get("Size")]
    sizes = [0] * (len(layers) - len(sizes)) + sizes[: len(layers)]
    return [("/".join(layers[: place + 1]), size) for place, size in enumerate(sizes)]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def lines(found: Dict[str, Any]) -> List[str]:
    """Return what a person is told."""
    told = ["disk"]
    for name, own in sorted(found["components"].items()):
        for one, sizes in sorted(own.items()):
            parts = f"releases {shown(sizes['releases_bytes'])}, their images {shown(sizes['images_bytes'])}"
            told.append(f"  {one} on {name}: {parts}")
    spare = found["reclaimable"]
    if spare["images"]:
        told.append(
            f"  {shown(spare['bytes'])} in {spare['images']} images could be had back: docker image prune --all"
        )
    else:
        told.append("  nothing of the toolkit's could be had back")
    if found["free_bytes"] is not None:
        told.append(f"  {shown(found['free_bytes'])} are free")
    return told


def shown(size: float) -> str:
    """Return a number of bytes as people read it."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
