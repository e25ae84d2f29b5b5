"""What carrying wants from the engine's store of images: into a tar, out of one, names, and what is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import List, Sequence

from .engine import PULL, Engine
from .errors import EngineError


def save(engine: Engine, ids: Sequence[str], path: Path) -> None:
    """Write images into a tar; asked for by their ids, so that nothing in it has a name."""
    engine.ask("save", "--output", str(path), *ids, deadline=PULL)


def load(engine: Engine, path: Path) -> str:
    """Load a tar; return what Docker says of it, in which the ids stand."""
    return engine.ask("load", "--input", str(path), deadline=PULL)


def tag(engine: Engine, own: str, name: str) -> None:
    """Give an image a name, which also keeps it from being pruned."""
    engine.ask("tag", own, name)


def remove(engine: Engine, own: str) -> None:
    """Remove an image that has no name."""
    engine.ask("image", "rm", own)


def layers(engine: Engine) -> List[List[str]]:
    """Return the layers of every image; nothing when images come and go just now (then more has to be carried)."""
    try:
        ids = sorted(set(engine.ask("image", "ls", "--all", "--quiet", "--no-trunc").split()))
        if not ids:
            return []
        lines = engine.ask("image", "inspect", "--format", "{{json .RootFS.Layers}}", *ids).splitlines()
    except EngineError:
        return []
    return [list(one) for one in sorted({tuple(json.loads(line) or ()) for line in lines if line.strip()})]
