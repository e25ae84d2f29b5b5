"""Stops and removes a component in one environment; its volumes, releases and ledger stay."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict

from .. import act, acts, engine_socket, files, fleet, times
from ..act import Plan
from ..context import Context
from ..engine import Engine
from ..lock import Lock
from ..processes import Processes
from ..state import State


def remove(state: State, processes: Processes, who: Dict[str, str], tell: Callable[[str, str], None]) -> Dict[str, Any]:
    """Remove what serves of ``who`` {component, environment, run, actor, reason}; nothing serves: nothing is done."""
    engine = Engine(processes, engine_socket.usual(os.environ))
    facts: Dict[str, Any] = dict(who)
    context = Context(state=state, engine=engine, tell=tell, **facts)
    files.make_folder(context.store.folder)
    with Lock(context.store.lock_path, dict(who, since=times.now())) as lock:
        context.lock = lock
        processes.inherited = (lock.handle,)
        with fleet.admitted(context, dict(who)):
            context.ledger.checked()
            context.engine.version()
            acts.resume(context)
            current = context.store.current()
            if current is None:
                message = f"nothing of {context.title} runs, so there is nothing to remove"
                return {"outcome": "unchanged", "changed": False, "failed": False, "message": message}
            plan = Plan("remove", current.number, None, context.run, context.actor, context.reason)
            act.begin(context, plan)
            return acts.perform(context, plan)
