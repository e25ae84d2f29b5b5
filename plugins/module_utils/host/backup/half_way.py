"""A restore that was killed leaves the component stopped, with data that are neither the old nor the new.

The file ``restoring.json`` beside its releases says so until it is finished or reverted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional

from .. import files
from ..errors import HostError


def marker(folder: Path) -> Path:
    """Return the file of a component's folder: ``{point, safety, lost_seconds, run, actor}``."""
    return folder / "restoring.json"


def read(folder: Path) -> Optional[Dict[str, Any]]:
    """Return what it says, or None."""
    path = marker(folder)
    return dict(files.read_json(path)) if path.exists() else None


def refuse(folder: Path, environment: str) -> None:
    """Raise ``HostError`` while a restore is half-way."""
    found = read(folder)
    if found:
        raise HostError(sentence(found, folder.name, environment))


def sentence(found: Dict[str, Any], component: str, environment: str) -> str:
    """Say what was found and how it is brought to an end."""
    command = f"tta-ops restore {component} --environment {environment} --point"
    return (
        f"a restore of {component} on {environment} by {found['actor']} was cut off, its data are half-way: "
        f"{command} {found['point']} finishes it, {command} {found['safety']} reverts it"
    )
