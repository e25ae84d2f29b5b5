"""What takes a component off its stage: the verbs ``remove`` and ``demote-due``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Dict, Tuple

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("remove", "demote-due")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add no options."""


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Stop and remove a component; or demote what has lost the right to its stage, on this host's ledgers."""
    from . import automatic, removing

    if call.verb == "remove":
        result = removing.remove(call.state, call.processes, call.who(), call.tell)
    else:
        result = automatic.demote(call.state, call.options.environment)
    return result, str(result["message"])
