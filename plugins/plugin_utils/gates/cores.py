"""The cores that judging may use, shared by components judged side by side: first come, first served."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Event

_LOOK_SECONDS = 0.2


class Stopped(Exception):
    """The run was given up before its turn came."""


class Cores:
    """So many cores, and beside them places for heavy gates, which mostly wait.

    Whoever came first is served first, so that no weight is passed over for ever; nobody waits while holding any.
    """

    def __init__(self, number: int | None = None, heavy: int | None = None) -> None:
        """Take the number of cores (default: this machine's) and of heavy gates at once (default: half of them)."""
        self.number = max(1, number or os.cpu_count() or 1)
        self.heavy = max(1, heavy or self.number // 2)
        self._cores, self._heavy = _Line(self.number), _Line(self.heavy)

    @contextmanager
    def taken(self, weight: int, stop: Event, *, heavy: bool = False) -> Iterator[None]:
        """Hold so many cores (at most all), or a heavy gate's place; raises `Stopped` once `stop` is set."""
        line = self._heavy if heavy else self._cores
        share = 1 if heavy else min(max(1, weight), self.number)
        line.enter(share, stop)
        try:
            yield
        finally:
            line.leave(share)


class _Line:
    """A counted thing and those who wait for it, in their order."""

    def __init__(self, number: int) -> None:
        self._free = number
        self._changed = Condition()
        self._waiting: deque[object] = deque()

    def enter(self, share: int, stop: Event) -> None:
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                while self._waiting[0] is not ticket or self._free < share:
                    if stop.is_set():
                        raise Stopped
                    self._changed.wait(_LOOK_SECONDS)
                if stop.is_set():
                    raise Stopped
                self._free -= share
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()

    def leave(self, share: int) -> None:
        with self._changed:
            self._free += share
            self._changed.notify_all()
