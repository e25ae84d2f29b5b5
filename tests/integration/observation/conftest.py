"""A component that runs, and a recorder with a clock of its own that looks at it through the real engine."""

from __future__ import annotations

from tiny.fixtures import program
from tiny.watched import watched

__all__ = ["program", "watched"]
