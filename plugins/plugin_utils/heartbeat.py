"""Keeps the lease of a fleet alive while something takes long elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .host_call import CallError, HostCall

EVERY = 8.0


def lease(call: HostCall, state: str, step: str, who: Mapping[str, Any], fence: int = 0) -> dict[str, Any]:
    """Have the first host take, beat or give the lease; `who` is {component, environment, run, actor, reason}."""
    return call(["--state", state, "lease"], json.dumps({**who, "step": step, "fence": fence}).encode())


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
            except CallError:
                continue

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(every)
