"""The image of the edges: the one that is configured, or Debian's package on a Debian image, built on the host once."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Dict, Mapping

from . import edge_document, files, settings
from .context import Context
from .engine import Engine
from .errors import EngineError
from .settings import Settings

TAG = f"tta-ops-edge:{edge_document.VERSION}"
Tell = Callable[[str], None]


def make_image(context: Context, chosen: Settings) -> str:
    """Return the id of the edge's image, fetched or built when it is not there."""
    tell = lambda text: context.tell("verify", text)  # noqa: E731
    return _made(context.engine, context.store.folder / "edge-image", chosen, tell)


def beforehand(engine: Engine, root: Path, given: Mapping[str, Any], tell: Tell) -> Dict[str, Any]:
    """Make the image before any release needs it; ``given`` is what ``blue_green`` of an environment says."""
    chosen = settings.parse(dict(given))
    changed = engine.image(chosen.image or TAG) is None
    if changed:
        _made(engine, files.make_folder(root) / ".edge-image", chosen, tell)
    said = f"the edge's image {chosen.image or TAG} {'is made' if changed else 'was there'}"
    return {"changed": changed, "failed": False, "outcome": "made" if changed else "unchanged", "message": said}


def _made(engine: Engine, folder: Path, chosen: Settings, tell: Tell) -> str:
    reference = chosen.image or TAG
    found = engine.image(reference)
    if found is None and chosen.image:
        tell(f"fetches {reference}")
        engine.pull(reference)
    elif found is None:
        tell(f"builds the edge's image {TAG} from {chosen.base}, once")
        _build(engine, folder, chosen.base)
    found = found or engine.image(reference)
    if found is None:
        raise EngineError(f"the edge's image {reference} is not in the engine although it was just made: try again")
    return str(found["Id"])


def _build(engine: Engine, folder: Path, base: str) -> None:
    files.remove_tree(folder)
    files.make_folder(folder, 0o700)
    try:
        files.write(folder / "Dockerfile", edge_document.dockerfile(base).encode())
        engine.build_image(TAG, folder)
    finally:
        files.remove_tree(folder)
