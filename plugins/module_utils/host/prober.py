"""Asks a component over and over while it is changed, as one of its users would: what a receipt is made of."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, List, NamedTuple

from . import probe

LANES = 4
_PATIENCE, _LAST = 5.0, 0.5
_TCP_RATE = 5.0  # connections without a request are noise in the log of a database
Ask = Callable[[Dict[str, Any]], Dict[str, Any]]


class Sample(NamedTuple):
    """One request: when it should have begun and when its answer came (monotonic seconds), and whether one did."""

    begun: float
    ended: float
    ok: bool


class Prober:
    """Probes ``request`` (see ``probe.py``) ``rate`` times a second, on a connection each, until it is stopped.

    Several lanes take turns, so that one request that hangs does not keep the others from being sent.
    """

    def __init__(self, request: Dict[str, Any], rate: float, ask: Ask = probe.sample) -> None:
        """Begin at once."""
        self.target = probe.target(request)
        self.rate = min(rate, _TCP_RATE) if request.get("tcp") else rate
        self._request = {**request, "timeout": _PATIENCE}
        self._ask = ask
        self._samples: List[Sample] = []
        self._open: Dict[int, float] = {}
        self._stop = threading.Event()
        begin = time.monotonic()
        self._lanes = [
            threading.Thread(target=self._lane, args=(lane, begin + lane / self.rate), daemon=True)
            for lane in range(LANES)
        ]
        for lane in self._lanes:
            lane.start()

    def samples(self) -> List[Sample]:
        """Return what was seen so far, in the order in which it was asked."""
        return sorted(self._samples)

    def stop(self) -> List[Sample]:
        """Ask no more; return what was seen. A request without an answer by the end of its time has failed."""
        self._stop.set()
        until = time.monotonic() + _PATIENCE + _LAST
        for lane in self._lanes:
            lane.join(max(0.0, until - time.monotonic()))
        hanging = [Sample(begun, time.monotonic(), False) for begun in list(self._open.values())]
        return sorted([*self._samples, *hanging])

    def _lane(self, lane: int, due: float) -> None:
        step = LANES / self.rate
        while not self._stop.wait(max(0.0, due - time.monotonic())):
            begun = max(due, time.monotonic() - step)
            self._open[lane] = begun
            sample = self._ask(self._request)
            self._samples.append(Sample(begun, time.monotonic(), _answered(sample)))
            del self._open[lane]
            while due <= begun:
                due += step


def _answered(sample: Dict[str, Any]) -> bool:
    """Say whether a user got an answer: any but one that says that the server could not."""
    status = sample["status"]
    return bool(sample["ok"]) or (status is not None and status < 500)
