"""Rehearsals of the way back: declared before they begin, under requests of their own, and ended in the ledger.

The acts between `begin` and `end` are rollbacks like any other, called with ``--rehearsal RUN``.
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any, Dict, Tuple

from .. import input_json

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("rehearsal", "rehearsal-traffic")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the option by which a rollback says which rehearsal it belongs to."""
    parser.add_argument(
        "--rehearsal", metavar="RUN", help="with rollback: the declared rehearsal in which it is done; it bars nothing"
    )


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Do a step of a rehearsal as the JSON on stdin says, or send its requests until they are no more wanted."""
    # Loaded only here: every start of the program loads this module, and few rehearse.
    from .. import engine_socket
    from ..context import Context
    from ..engine import Engine
    from . import steps, traffic

    who = call.who()
    context = Context(
        state=call.state,
        engine=Engine(call.processes, engine_socket.usual(os.environ)),
        environment=who["environment"],
        component=who["component"],
        run=who["run"],
        actor=who["actor"],
        reason=who["reason"],
        tell=call.tell,
    )
    found = traffic.send(context) if call.verb == "rehearsal-traffic" else steps.step(context, input_json.read())
    return found, found["message"]
