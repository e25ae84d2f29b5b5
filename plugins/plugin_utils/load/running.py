"""Runs locust beside something else that takes as long, and never leaves it behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

GRACE_S = 30.0


class Ran(NamedTuple):
    """What locust left: its result (None: none was written), and what it said when it went wrong."""

    result: dict[str, Any] | None
    said: str
    beside: Any


def run(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    seconds: float,
    result: Path,
    beside: Callable[[], Any],
) -> Ran:
    """Run locust in `folder` for at most `seconds` and a grace, with `beside()` meanwhile."""
    output = result.with_suffix(".log")
    with output.open("wb") as log:
        process = subprocess.Popen(
            list(command),
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            meanwhile = beside()
            process.wait(seconds + GRACE_S)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end(process)
    said = output.read_text(encoding="utf-8", errors="replace")
    return Ran(_read(result), _short(said), meanwhile)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of it, with all its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _short(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
