"""Confinement: where the commands of a gate may write. Where the kernel has Landlock it refuses everything else."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

# Devices, and the memory that processes share.
_SYSTEM = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts")
_SHARED_MEMORY = "/dev/shm"  # noqa: S108  not a file of ours: where the C library keeps semaphores
# Caches of tools, by the variable that moves them and the place below the home folder that they have without it.
CACHES = (
    ("XDG_CACHE_HOME", ".cache"),
    ("DOCKER_CONFIG", ".docker"),
    ("UV_CACHE_DIR", ".cache/uv"),
    ("", ".local/share/uv"),
    ("", ".npm"),
)
_REFUSALS = ("Permission denied", "PermissionError", "EACCES", "Errno 13")


def writable(scratch: Path, export: Path, environment: Mapping[str, str]) -> list[Path]:
    """Return the folders and files that a gate's commands may write to (in a folder: everything below it)."""
    found = [scratch, export, *caches(environment), *map(Path, (*_SYSTEM, _SHARED_MEMORY))]
    if os.geteuid():
        found.append(Path("/proc"))  # a browser's own sandbox writes there; without root nothing there is anyone's else
    return list(dict.fromkeys(found))


def caches(environment: Mapping[str, str]) -> list[Path]:
    """Return the caches that tools share between runs."""
    home = environment.get("HOME") or "~"
    return [
        Path(environment[variable]) if environment.get(variable) else Path(home).expanduser() / folder
        for variable, folder in CACHES
    ]


def make_caches(environment: Mapping[str, str]) -> None:
    """Make those folders that many tools want to make for themselves: below a home without them they may not."""
    for path in caches(environment)[:2]:
        with contextlib.suppress(OSError):  # then the tool that needs it says so
            path.mkdir(mode=0o700, parents=True, exist_ok=True)


def allowed(environment: Mapping[str, str]) -> str:
    """Return the sentence that says where a gate may write."""
    home = f"{Path.home()}/"
    named = ", ".join(
        f"~/{str(path).removeprefix(home)}" if str(path).startswith(home) else str(path) for path in caches(environment)
    )
    return f"a gate writes below $TMPDIR, its working folder and the caches of tools ({named}), and nowhere else"


def was_refused(*texts: str) -> bool:
    """Say whether what a tool wrote reads as if a write was refused."""
    return any(word in text for text in texts for word in _REFUSALS)
