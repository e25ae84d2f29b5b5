"""What one host does for a fleet: hands on images, keeps the lease, and lets only its holder act."""

from __future__ import annotations

import contextlib
from typing import Any, Callable, Dict, Iterator, Tuple

from . import carrying, lease, names
from .context import Context
from .engine import Engine
from .state import State

VERBS = ("carry", "lease")


def answer(
    verb: str, state: State, engine: Engine, request: Dict[str, Any], tell: Callable[[str, str], None]
) -> Tuple[Dict[str, Any], str]:
    """Do a step of carrying or of the lease, as the request says; return the result and a line for a person."""
    if verb == "carry":
        found = carrying.answer(state, engine, request, tell)
    else:
        environment = names.checked("environment", request.get("environment"))
        component = names.checked("component", request.get("component"))
        names.checked_run(request.get("run"))
        found = lease.run(state.store(environment, component).folder, request)
    return {"message": "", **found}, f"{verb} {request.get('step')}: done"


@contextlib.contextmanager
def admitted(context: Context, facts: Dict[str, str], *, always: bool = False) -> Iterator[None]:
    """Let an act begin if no other run holds the lease, and keep its own lease alive by it.

    ``always``: what the act does is due whoever holds the lease.
    """
    held = lease.Lease(context.store.folder)
    context.fence = int(facts["fence"]) if "fence" in facts else None
    if not always:
        held.admit(facts, context.fence)
    try:
        yield
    finally:
        if context.fence is not None:
            held.beat(context.run, context.fence)
