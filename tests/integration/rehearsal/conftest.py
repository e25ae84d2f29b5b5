"""The host program, and components with real databases."""

from __future__ import annotations

from backed.fixtures import make_store
from tiny.fixtures import program

__all__ = ["make_store", "program"]
