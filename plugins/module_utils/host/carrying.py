"""The images of one artifact on their way from the host that built them to another, as one of the two hosts sees it.

The source does ``offer``, ``pack`` and ``drop``, the target ``want``, ``room`` and ``take`` (or ``fetch``). The tar
waits on the hosts (``carrying/`` in the state folder), never on the control node, which passes it on piece by piece.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

from . import arriving, names, offering
from .engine import Engine
from .errors import UsageError
from .state import State
from .way import Way

Tell = Callable[[str, str], None]

STEPS: Dict[str, Callable[[Way], Dict[str, Any]]] = {
    "offer": offering.offer,
    "pack": offering.pack,
    "drop": offering.drop,
    "want": arriving.want,
    "room": arriving.room,
    "take": arriving.take,
    "fetch": arriving.fetch,
}


def answer(state: State, engine: Engine, request: Dict[str, Any], tell: Tell) -> Dict[str, Any]:
    """Do the step of ``{step, component, tree, …}`` and return what it found; raises ``HostError``."""
    component, tree = names.checked("component", request.get("component")), str(request.get("tree"))
    if not tree.isalnum():
        raise UsageError("there is no artifact without a tree hash")
    step = STEPS.get(str(request.get("step")))
    if step is None:
        raise UsageError(f"{request.get('step')!r} is no step of carrying: known are {', '.join(STEPS)}")
    return {"changed": False, "failed": False, **step(Way(state, engine, component, tree, request, tell))}
