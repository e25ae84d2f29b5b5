"""The judged files, watched: whether any was changed or deleted while gates ran. New files beside them are nobody's."""

from __future__ import annotations

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
        return sorted(path for path, state in self._before.items() if now.get(path) != state)


def _files(export: Path) -> dict[str, tuple[int, ...]]:
    """Return the state of every file; its time of change cannot be set back by whoever writes the old content again."""
    found: dict[str, tuple[int, ...]] = {}
    for folder, folders, names in os.walk(export):
        folders[:] = [name for name in folders if name not in _REWRITTEN]
        for name in [*names, *(name for name in folders if (Path(folder) / name).is_symlink())]:
            path = os.path.join(folder, name)  # noqa: PTH118  thousands of them, several times a run
            try:
                state = os.lstat(path)
            except FileNotFoundError:
                continue  # gone meanwhile: whoever compares finds it missing
            found[os.path.relpath(path, export)] = (state.st_ino, state.st_size, state.st_mode, state.st_ctime_ns)
    return found
