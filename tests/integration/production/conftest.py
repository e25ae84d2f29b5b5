"""The fixtures of the tiny monorepo's host."""

from __future__ import annotations

import sys
from pathlib import Path

from tiny.fixtures import host, program

sys.path.append(str(Path(__file__).parents[1] / "gates"))  # the stand-in for an advisory service

__all__ = ["host", "program"]
