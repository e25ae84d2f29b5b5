"""Exports of a commit: what is judged is what git has, never the user's working tree."""

from __future__ import annotations

import subprocess
from pathlib import Path

from ..refusal import Refusal

EXPORT_SECONDS = 120


def export(monorepo: str, commit: str, into: Path) -> Path:
    """Write the files of a commit into the new folder `into` and return it; raises `Refusal` when git says no."""
    git = ["git", "-c", "safe.directory=*", "-C", monorepo]
    archive = into.with_name(f"{into.name}.tar")
    into.mkdir(mode=0o700)
    _run(
        [*git, "archive", "--format=tar", "-o", str(archive), "--end-of-options", commit], f"git archive in {monorepo}"
    )
    _run(["tar", "-x", "-f", str(archive), "-C", str(into), "--no-same-owner"], "unpacking the commit")
    archive.unlink()
    return into


def _run(command: list[str], what: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=EXPORT_SECONDS)
    except FileNotFoundError as error:
        raise Refusal(f"{command[0]} is not installed", command[0], f"apt-get install {command[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise Refusal(f"{what} did not end within {EXPORT_SECONDS} s") from error
    if done.returncode:
        raise Refusal(f"{what} failed: {' '.join(done.stderr.split())}")
