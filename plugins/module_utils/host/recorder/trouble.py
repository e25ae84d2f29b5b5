"""What kept the recorder from writing: kept in a file that was made while there was room, and is written in place.

A disk that is full leaves no room to say so anywhere else.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, List

from .. import files
from ..errors import HostError

SIZE = 4096
KEPT = 12


def path(folder: Path, component: str) -> Path:
    """Return the file of a component."""
    return folder / f"{component}.trouble"


def reserve(file: Path) -> None:
    """Make the file as large as it will ever be; called while all is well."""
    if not file.exists():
        files.write(file, _padded([]))


def read(file: Path) -> List[Dict[str, Any]]:
    """Return `[{begin, end, text}]`, slots of the first and the last failure, oldest first."""
    try:
        found = json.loads(file.read_bytes().rstrip(b"\0 \n") or b"[]")
    except (OSError, ValueError):
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def note(file: Path, slot: int, text: str) -> None:
    """Remember that nothing could be written in `slot`. Raises `HostError` when even this cannot be."""
    known = read(file)
    if known and known[-1]["text"] == text[:200] and slot - known[-1]["end"] <= 2:
        known[-1]["end"] = slot
    else:
        known.append({"begin": slot, "end": slot, "text": text[:200]})
    data = _padded(known[-KEPT:])
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o640)
        try:
            os.pwrite(handle, data, 0)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise HostError(f"{file} cannot be written either: {error.strerror or error}") from error


def _padded(known: List[Dict[str, Any]]) -> bytes:
    return json.dumps(known).encode().ljust(SIZE - 1) + b"\n"
