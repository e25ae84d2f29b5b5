"""Keeps the lease of a fleet alive while something takes long elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleConnectionFailure

from . import run_process
from .host_call import CallError, HostCall

EVERY = 8.0


def lease(call: HostCall, state: str, step: str, who: Mapping[str, Any], fence: int = 0, **more: Any) -> dict[str, Any]:
    """Have a host take, beat or give the lease; `who` is {component, environment, run, actor, reason}."""
    return call(["--state", state, "lease"], json.dumps({**who, **more, "step": step, "fence": fence}).encode())


def take(call: HostCall, state: str, who: Mapping[str, Any], tell: Callable[[str], None]) -> int:
    """Take the lease and return its fence; raises `CallError` naming the holder.

    A run of this machine that is known to be gone is not waited for, one that gives no sign of life a short time.
    """
    mine = {**who, "process": run_process.own()}
    found = lease(call, state, "take", {**mine, "patience": 0})
    if found.get("outcome") == "locked":
        holder = found.get("holder") or {}
        if run_process.is_gone(holder.get("process")):
            mine["over"] = holder.get("run")
        else:
            tell(f"waits whether run {holder.get('run')} of {holder.get('actor')} still lives")
        found = lease(call, state, "take", mine)
    if found.get("failed"):
        raise CallError(found["message"])
    return int(found["fence"])


@contextmanager
def beating(
    call: HostCall | None, state: str, who: Mapping[str, Any], fence: int, every: float = EVERY
) -> Iterator[None]:
    """Beat as long as the block lasts; without `call` (the act itself keeps the lease) do nothing.

    A beat that fails is not fatal here: a lease that was lost makes the next act fail, by its fence.
    """
    if call is None:
        yield
        return
    over = threading.Event()

    def beat() -> None:
        while not over.wait(every):
            try:
                lease(call, state, "beat", who, fence)
            except (CallError, AnsibleConnectionFailure):
                continue

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(every)
