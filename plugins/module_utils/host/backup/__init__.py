"""Backups that were restored: restore points of a component's data, files and ledger, in a restic repository.

Verbs ``configure-backups``, ``backup``, ``restore``, ``points``, ``forget``, ``verify-backups``, ``check-repository``.
"""

from __future__ import annotations

from .answering import VERBS, answer, arguments
from .for_others import points_of, put_back, safety_dump
from .points import summary
from .putting_back import accepted, lost_since

__all__ = [
    "VERBS",
    "accepted",
    "answer",
    "arguments",
    "lost_since",
    "points_of",
    "put_back",
    "safety_dump",
    "summary",
]
