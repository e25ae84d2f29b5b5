"""What a failed release leaves behind for whoever looks into it: logs, inspect output and the cause, values hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List

from . import engine, files, logs
from .environment import Veil
from .errors import HostError

_TAIL = 2000


def collect(source: engine.Engine, containers: List[Dict[str, Any]], folder: Path, cause: str, veil: Veil) -> Path:
    """Write the evidence into ``folder`` (0700, files 0600) before the containers go; return the folder."""
    files.make_folder(folder, 0o700)
    with files.explained(folder):
        _write(folder / "cause.txt", cause + "\n", veil)
        _write(folder / "inspect.json", json.dumps(containers, indent=1, sort_keys=True), veil)
        for one in containers:
            service = one["Config"]["Labels"].get(engine.SERVICE, "container")
            _write(folder / f"{service}-{one['Id'][:12]}.log", source.logs(one["Id"], _TAIL), veil)
    return folder


def _write(path: Path, text: str, veil: Veil) -> None:
    files.write_new(path, veil.over(text).encode(), 0o600)


def log_errors(
    source: engine.Engine, containers: List[Dict[str, Any]], veil: Veil, since: str = ""
) -> List[Dict[str, Any]]:
    """Return the errors in the containers' logs, each with its service; ``since`` a time, if given."""
    found = []
    for one in containers:
        service = one["Config"]["Labels"].get(engine.SERVICE)
        for finding in logs.errors(source.logs(one["Id"], _TAIL, since)):
            found.append({**finding, "text": veil.over(finding["text"]), "service": service})
    return found


def try_collect(source: engine.Engine, project: str, folder: Path, cause: str, veil: Veil) -> str:
    """Collect what can be had; return the sentence that says where it is. Going back must not fail for want of it."""
    try:
        return f"its logs and inspect output: {collect(source, source.project(project), folder, cause, veil)}"
    except HostError as error:
        return f"its logs could not be kept ({error})"
