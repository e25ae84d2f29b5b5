"""What processes and containers hold: proportional set sizes in MB, pages that many share counted once."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterable
from pathlib import Path


def pss_mb(process: Path) -> float:
    """Return what one process (a folder of /proc) holds; 0 when it has ended meanwhile."""
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def of_command(word: str) -> list[Path]:
    """Return the processes whose command line has `word` as one of its words, or at the end of one."""
    return [one for one in Path("/proc").glob("[0-9]*") if any(part.endswith(word) for part in _words(one))]


def _words(process: Path) -> list[str]:
    try:
        return (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def peak(processes: Callable[[], Iterable[Path]], stop: threading.Event) -> float:
    """Return the largest sum that was seen until `stop`."""
    most = 0.0
    while not stop.wait(0.1):
        most = max(most, sum(map(pss_mb, processes())))
    return most


def peak_of(word: str, stop: threading.Event) -> float:
    """Return the largest sum of the processes of a command until `stop`."""
    return peak(lambda: of_command(word), stop)


def container_mb(identity: str) -> float:
    """Return what all processes of a container hold now."""
    command = ["docker", "top", identity, "-eo", "pid"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return sum(pss_mb(Path("/proc") / one) for one in done.stdout.split()[1:])
