"""What both ends of carrying share: which artifact it is, where its record and its tar are, how they are checked."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict

from . import files
from .engine import Engine
from .errors import UsageError
from .state import State

STALE = 6 * 3600.0
ID = re.compile(r"sha256:[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9_-]{1,90}\.tar")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Way:
    """One artifact on its way, on one host. ``request`` is what the control node wants of a step."""

    state: State
    engine: Engine
    component: str
    tree: str
    request: Dict[str, Any]
    tell: Callable[[str, str], None]

    @property
    def record(self) -> Path:
        """Where the artifact is written down."""
        return self.state.artifact(self.component, self.tree)

    def folder(self) -> Path:
        """Return the folder of tars on their way, without what runs that were killed have left in it."""
        folder = files.make_folder(self.state.root / "carrying", 0o700)
        for path in folder.iterdir():
            try:
                if time.time() - path.stat().st_mtime > STALE:
                    path.unlink()
            except FileNotFoundError:
                continue
        return folder

    def tar(self) -> Path:
        """Return the path of the tar that the request names."""
        name = str(self.request.get("name"))
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name[:80]!r} is not the name of a tar on its way")
        return self.folder() / name


def checked_id(value: Any) -> str:
    """Return ``value`` when it is the id of an image."""
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise UsageError(f"{str(value)[:80]!r} is not the id of an image")
    return value


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, or a word that is none when there is no file."""
    if not path.exists():
        return "nothing"
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            if not block:
                return found.hexdigest()
            found.update(block)
