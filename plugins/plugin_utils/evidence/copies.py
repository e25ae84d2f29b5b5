"""One folder of evidence: is every byte what it was, is it what the ledger names, does every verdict follow from it?"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from ...module_utils.host import manifest
from ..gates.evidence import VERDICTS
from ..gates.recompute import recompute

NAME = re.compile(r"(?P<run>[0-9]{8}T[0-9]{6}Z-[0-9a-f]+)(?:-[a-z][a-z0-9_-]{0,62})?")
_UNFINISHED = re.compile(r"\..+\.part")


@dataclass(frozen=True)
class Checked:
    """What came of a folder: its root hash now, how many verdicts were decided again, and what does not fit."""

    root: str
    verdicts: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Shelf:
    """The folders below one root: those of runs, and remarks on what else lies there."""

    runs: tuple[Path, ...]
    remarks: tuple[str, ...]


def shelf(root: Path) -> Shelf:
    """Return what lies in a folder of evidence; what a killed run left is remarked on, and is no evidence."""
    runs, remarks = [], []
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            runs.append(path)
        elif _UNFINISHED.fullmatch(path.name):
            remarks.append(f"{path} is what a run left that was killed; it can be removed")
        else:
            remarks.append(f"{path} is not the toolkit's")
    return Shelf(tuple(runs), tuple(remarks))


def check(folder: Path, promised: str = "") -> Checked:
    """Check one folder; `promised` is the root hash that a ledger names for it, empty when none does."""
    try:
        found = manifest.check(folder, promised)
        root = manifest.root_of(manifest.of(folder)["files"])
    except OSError as error:
        return Checked("", 0, (f"it cannot be read: {error.filename}: {error.strerror}",))
    if found:
        return Checked(root, 0, tuple(map(str, found)))
    if promised and root != promised:
        said = f"its root hash is {root[:16]}…, the ledger names {promised[:16]}…: the whole folder was written anew"
        return Checked(root, 0, (said,))
    return Checked(root, _number_of_verdicts(folder), tuple(map(str, recompute(folder))))


def component_of(folder: Path) -> str:
    """Return the component that a run judged, empty when the folder does not tell."""
    try:
        return str(json.loads((folder / manifest.RUN).read_bytes())["component"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _number_of_verdicts(folder: Path) -> int:
    try:
        return len(json.loads((folder / VERDICTS).read_bytes()))
    except (OSError, ValueError, TypeError):
        return 0
