"""Backups that were restored: restore points of a component's data, files and ledger, in a restic repository.

Verbs ``configure-backups``, ``backup``, ``restore``, ``points``, ``forget``, ``verify-backups``, ``check-repository``.
What other acts call is in ``for_others`` and ``putting_back``, what ``status`` shows in ``shown``.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Dict, Tuple

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("configure-backups", "backup", "restore", "points", "forget", "verify-backups", "check-repository")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--point", metavar="ID", help="the restore point; default: the newest verified one")
    parser.add_argument("--accept-loss", metavar="LENGTH", help="with restore: what is lost, such as 2h15m")
    parser.add_argument("--verify", choices=("full", "deferred"), default="full", help="restore it once now, or later")
    parser.add_argument("--subset", metavar="N/M", help="with check-repository: what is read of its data, or all")


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Do what was asked; without a component the verb is about all that have something to do with it."""
    from . import answering  # here: every start of the program loads this file

    return answering.answer(call)
