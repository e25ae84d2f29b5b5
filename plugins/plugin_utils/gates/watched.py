"""The judged files, watched: whether any was changed or deleted while gates ran. New files beside them are nobody's."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path
from threading import Lock

# Python writes these anew, and no gate reads them.
_REWRITTEN = frozenset({"__pycache__"})
_MOST_NAMED = 3


class Watched:
    """The files of an export as they were at the start."""

    def __init__(self, export: Path) -> None:
        """Note every file as it is now."""
        self._export = export
        self._before = _files(export)
        self._lock = Lock()
        self._suspects: dict[str, None] = {}
        self._noticed = ""

    def begins(self, names: str) -> None:
        """Note that gates of these names are running."""
        with self._lock:
            self._suspects[names] = None

    def ended(self, running: Collection[str]) -> str:
        """Return a sentence about judged files that were changed, naming the gates that ran meanwhile; else nothing.

        Whatever ended while all was well is no suspect any more.
        """
        with self._lock:
            changed = self._changed()
            if not changed:
                self._suspects = dict.fromkeys(name for name in self._suspects if name in running)
                return ""
            self._noticed = self._noticed or ", ".join(self._suspects)
            shown = ", ".join([*changed[:_MOST_NAMED], *(["…"] if len(changed) > _MOST_NAMED else [])])
            return (
                f"judged files were changed while judging: {shown} (meanwhile ran: {self._noticed});"
                " wanted: tools and tests that write new files only"
            )

    def _changed(self) -> list[str]:
        now = _files(self._export)
        changed = (path for path, state in self._before.items() if now.get(path) != state)
        return sorted(os.path.relpath(path, self._export) for path in changed)


def _files(export: Path) -> dict[str, tuple[int, ...]]:
    """Return the state of every file; its time of change cannot be set back by whoever writes the old content again."""
    found: dict[str, tuple[int, ...]] = {}
    folders = [str(export)]
    while folders:
        # a folder that goes while it is read: its files are missing, which is a change
        with contextlib.suppress(FileNotFoundError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders += [entry.path] if entry.name not in _REWRITTEN else []
                else:
                    state = entry.stat(follow_symlinks=False)
                    found[entry.path] = (state.st_ino, state.st_size, state.st_mode, state.st_ctime_ns)
    return found
