"""The control node: what gates run on, as far as a verdict can depend on it."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

_OWN = Path(__file__).resolve().parent.parent
OUTSIDE = ("git", "docker", "promtool")


def about_this_machine() -> dict[str, Any]:
    """Return what the evidence says about the machine on which the gates ran."""
    return {
        "schema": 1,
        "node": platform.node(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": list(packages()),
        "toolkit_sha256": code_digest(),
    }


@cache
def packages() -> tuple[str, ...]:
    """Return the installed distributions as `name-version`, by the names of their folders: quick, and complete."""
    found = set()
    for place in map(Path, sys.path):
        if place.is_dir():
            found |= {entry.stem for entry in place.iterdir() if entry.suffix == ".dist-info"}
    return tuple(sorted(found))


@cache
def code_digest(folder: Path = _OWN) -> str:
    """Return the hash over the toolkit's own code on the control node: another judge is another verdict."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def program(name: str) -> str:
    """Return what identifies a program outside of Python's packages: path, size and time of change; empty: missing."""
    own = Path(sys.executable).parent
    found = shutil.which(name, path=os.pathsep.join([str(own), os.environ.get("PATH", os.defpath)]))
    if not found:
        return ""
    real = Path(found).resolve()
    facts = real.stat()
    return f"{real} {facts.st_size} {facts.st_mtime_ns}"


def interpreter() -> str:
    """Return what identifies the Python that runs the gates."""
    return f"{sys.version} {platform.machine()} {sys.platform}"
