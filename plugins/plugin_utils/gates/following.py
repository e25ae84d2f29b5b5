"""Follows a command: reads what it prints and what its watcher tells, until it has ended or has to end."""

from __future__ import annotations

import json
import math
import os
import selectors
import time
from threading import Event
from typing import Any

from .warden import Pipes

_LOOK_SECONDS = 0.2
_END_SECONDS = 15.0
_AFTER_SECONDS = 2.0


def follow(pipes: Pipes, deadline: float, stop: Event, limit: int) -> tuple[str, bytearray, bytearray, dict[str, Any]]:
    """Return why the command had to end (empty: it ended by itself), its output, and what the watcher said.

    Output beyond the limit of bytes, both streams together, is not kept.
    """
    out, err, told = bytearray(), bytearray(), bytearray()
    why, give_up = "", math.inf
    with selectors.DefaultSelector() as selector:
        for pipe, buffer in ((pipes.out, out), (pipes.err, err), (pipes.told, told)):
            selector.register(pipe, selectors.EVENT_READ, buffer)
        while selector.get_map():
            for key, _ in selector.select(_LOOK_SECONDS):
                chunk = os.read(key.fd, 65536)
                if not chunk:
                    selector.unregister(key.fd)
                elif key.data is told or not why:
                    key.data.extend(chunk)
            now = time.monotonic()
            if now > give_up:
                break  # nobody watches over it any more, and it still holds the pipes
            if not why:
                why = _why(len(out) + len(err) > limit, stop.is_set(), now > deadline)
                if why:
                    pipes.end()
                    give_up = now + _END_SECONDS
                elif pipes.told not in selector.get_map() and give_up == math.inf:
                    give_up = now + _AFTER_SECONDS
    del err[limit:]
    del out[max(0, limit - len(err)) :]
    return why, out, err, _said(told)


def _why(too_much: bool, stopped: bool, too_late: bool) -> str:
    return "output" if too_much else "stopped" if stopped else "time" if too_late else ""


def _said(told: bytearray) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for line in told.splitlines():
        said |= json.loads(line)
    return said
