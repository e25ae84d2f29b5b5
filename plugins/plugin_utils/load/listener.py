"""Loaded by locust beside the monorepo's locustfile: notes every request, and when it should have begun.

Reads TTA_LOAD_WARM_UP (seconds from the start of the test) and writes what `Measuring.result` returns, with
`generator` and `locust`, into the file TTA_LOAD_RESULT when the test is over. The locustfile's users and their waiting
are left as they are.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import gevent
from ansible_collections.tta.ops.plugins.plugin_utils.load.measuring import Measuring
from locust import events

_BUSY_PERCENT = 90
_WARM_UP = float(os.environ.get("TTA_LOAD_WARM_UP", "0"))
# locust gives starts by the wall clock; everything here is told by the steady one
_AHEAD = time.time() - time.perf_counter()


class _Generator:
    """How busy locust itself is, second by second; it is one thread, so 100 % is one core."""

    def __init__(self) -> None:
        self.seconds, self.busy, self.most = 0, 0, 0.0

    def watch(self, warm: float) -> None:
        """Look once a second until the test is over."""
        wall, cpu = time.perf_counter(), time.process_time()
        while True:
            gevent.sleep(1)
            now, used = time.perf_counter(), time.process_time()
            percent = 100 * (used - cpu) / (now - wall)
            wall, cpu = now, used
            if now < warm:
                continue
            self.seconds += 1
            self.busy += percent >= _BUSY_PERCENT
            self.most = max(self.most, percent)


class _Listener:
    def __init__(self) -> None:
        self.warm = time.perf_counter() + _WARM_UP
        self.measuring = Measuring(self.warm)
        self.generator = _Generator()
        gevent.spawn(self.generator.watch, self.warm)

    def request(self, name: str, response_time: float, exception: Any, start_time: float, **_: Any) -> None:
        """Note a request; its user is the greenlet that it runs in."""
        user = gevent.getcurrent()
        kind = getattr(user, "tta_kind", "")
        failure = f"{type(exception).__name__}: {exception}" if exception else ""
        self.measuring.answered(id(user), kind, name, start_time - _AHEAD, float(response_time or 0.0), failure)

    def quitting(self, environment: Any, **_: Any) -> None:
        """Write the result, whole or not at all."""
        own = environment.stats.total
        result = {
            **self.measuring.result(),
            "generator": {
                "seconds": self.generator.seconds,
                "busy_seconds": self.generator.busy,
                "most_percent": round(self.generator.most, 1),
            },
            "locust": {"requests": own.num_requests, "p99_ms": own.get_response_time_percentile(0.99)},
        }
        target = Path(os.environ["TTA_LOAD_RESULT"])
        written = target.with_suffix(".part")
        written.write_text(json.dumps(result), encoding="utf-8")
        written.replace(target)


def _timed(listener: _Listener, user_class: Any) -> None:
    """Have a kind of user say who it is and until when it waits."""
    running, waiting = user_class.run, user_class.wait_time

    def run(self: Any) -> None:
        gevent.getcurrent().tta_kind = user_class.__name__
        running(self)

    def wait_time(self: Any) -> float:
        seconds = float(waiting(self) or 0.0)
        user = gevent.getcurrent()
        listener.measuring.waits(id(user), user_class.__name__, time.perf_counter() + seconds)
        return seconds

    user_class.run = run
    if waiting is not None:
        user_class.wait_time = wait_time


def _begin(environment: Any, **_: Any) -> None:
    listener = _Listener()
    for user_class in environment.user_classes:
        _timed(listener, user_class)
    environment.events.request.add_listener(listener.request)
    environment.events.quitting.add_listener(listener.quitting)


events.test_start.add_listener(_begin)
