"""The fixtures of the tiny monorepo's host."""

from __future__ import annotations

from tiny.fixtures import host, program

__all__ = ["host", "program"]
