"""Runs before anything else in each Python process of a container in which the component's lines are noted.

PYTHONPATH names its folder first; see `tta_noted_lines.py` beside it. It never stands in the service's way.
"""

# pathlib takes longer to import than all of this to run:
# ruff: noqa: PTH100, PTH120, PTH123

from __future__ import annotations

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Processes that descend from this one are the service. A health check descends from none of the container's.
FIRST = int(os.environ.get("TTA_NOTES_FIRST", "1"))


def is_service() -> bool:
    """Say whether this process is the container's own, and no health check that was put into it from outside."""
    process = os.getpid()
    while process not in (0, FIRST):
        try:
            with open(f"/proc/{process}/stat", "rb") as file:
                process = int(file.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            return True  # nobody can tell: better noted than missed
    return process == FIRST


def begin() -> None:
    """Have the lines noted from here on."""
    notes = os.environ.get("TTA_NOTES")
    if notes and is_service():
        import tta_noted_lines  # type: ignore[import-not-found]  # it lies beside this file in the container

        tta_noted_lines.begin(notes, HERE)


def hand_over() -> None:
    """Run the sitecustomize that this one stands before, as if this one were not there."""
    import importlib.machinery
    import importlib.util

    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path)
    if spec and spec.loader:
        sys.modules["sitecustomize"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


if __name__ == "sitecustomize":
    try:
        begin()
    finally:
        hand_over()
