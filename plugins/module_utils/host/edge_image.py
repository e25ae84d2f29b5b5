"""The image of the edges: the one that is configured, or Debian's package on a Debian image, built on the host once."""

from __future__ import annotations

from . import edge_document, files
from .context import Context
from .errors import EngineError
from .settings import Settings

TAG = f"tta-ops-edge:{edge_document.VERSION}"


def make_image(context: Context, settings: Settings) -> str:
    """Return the id of the edge's image, fetched or built when it is not there."""
    reference = settings.image or TAG
    found = context.engine.image(reference)
    if found is None and settings.image:
        context.tell("verify", f"fetches {reference}")
        context.engine.pull(reference)
    elif found is None:
        context.tell("verify", f"builds the edge's image {TAG} from {settings.base}, once")
        _build(context, settings.base)
    found = found or context.engine.image(reference)
    if found is None:
        raise EngineError(f"the edge's image {reference} is not in the engine although it was just made: try again")
    return str(found["Id"])


def _build(context: Context, base: str) -> None:
    folder = context.store.folder / "edge-image"
    files.remove_tree(folder)
    files.make_folder(folder, 0o700)
    try:
        files.write(folder / "Dockerfile", edge_document.dockerfile(base).encode())
        context.engine.build_image(TAG, folder)
    finally:
        files.remove_tree(folder)
