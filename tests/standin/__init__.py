"""A stand-in for GitHub that remembers: issues, comments, labels, milestones, a board; with faults on demand."""

from __future__ import annotations

from .faults import Fault
from .server import Standin

__all__ = ["Fault", "Standin"]
