"""What an act was doing when it was killed: one synced line before each step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

from . import canonical, files, times


class Journal:
    """The steps of the latest act of one component. An act that was not ended by ``done`` is unfinished."""

    def __init__(self, path: Path) -> None:
        """Take the journal file, which need not exist yet."""
        self.path = path

    def entries(self) -> List[Dict[str, Any]]:
        """Return the lines of the latest act; a last line torn by a crash was never acted on, and is left out."""
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines[:-1] if line]

    def unfinished(self) -> List[Dict[str, Any]]:
        """Return the lines of an act that never came to its end, or nothing."""
        entries = self.entries()
        return [] if not entries or entries[-1]["step"] == "done" else entries

    def begin(self, **facts: Any) -> None:
        """Start a new act; the lines of the last one, which is done, go."""
        files.write(self.path, canonical.encode(dict(facts, step="begin", at=times.now())) + b"\n")

    def step(self, step: str, **facts: Any) -> None:
        """Write down that ``step`` is about to begin."""
        whole = self.path.read_bytes()
        torn = whole.rpartition(b"\n")[2]
        if torn:
            files.write(self.path, whole[: -len(torn)])
        files.append(self.path, canonical.encode(dict(facts, step=step, at=times.now())) + b"\n")
