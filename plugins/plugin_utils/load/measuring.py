"""What a load test measures, request by request, in constant memory; times are given, none is asked for.

The intended start of a request is when its user's waiting ends. What begins later was late by the generator's fault or
because the answer before took too long; either way whoever asks has waited since the intended start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .latencies import Latencies

MOST_NAMES = 50  # a locustfile that names every address anew must not fill the memory
MOST_FAILURES = 20
FEW = 20  # requests of one kind of user before its pace is known


@dataclass
class _Pace:
    """How often users of one kind ask: the mean time between two starts, as the warm-up shows it."""

    intervals: int = 0
    total_ms: float = 0.0

    @property
    def every_ms(self) -> float:
        return self.total_ms / self.intervals if self.intervals >= FEW else 0.0


@dataclass
class _User:
    kind: str
    due: float | None = None
    started: float | None = None


@dataclass
class _Named:
    requests: int = 0
    failed: int = 0
    latencies: Latencies = field(default_factory=Latencies)


class Measuring:
    """Counts from `warm` on; what comes earlier only shows the pace. All times are seconds of one steady clock."""

    def __init__(self, warm: float) -> None:
        """`warm`: when the warm-up ends."""
        self._warm = warm
        self._users: dict[int, _User] = {}
        self._paces: dict[str, _Pace] = {}
        self._names: dict[str, _Named] = {}
        self._late = Latencies()
        self._failures: dict[str, int] = {}
        self._warmed_up = 0
        self._from: float | None = None
        self._until: float | None = None

    def waits(self, user: int, kind: str, until: float) -> None:
        """Note when the user's next request is due."""
        self._user(user, kind).due = until

    def gone(self, user: int) -> None:
        """Forget a user that has left."""
        self._users.pop(user, None)

    def answered(self, user: int, kind: str, name: str, start: float, ms: float, failure: str = "") -> None:
        """Count one request that began at `start` and took `ms` milliseconds."""
        known = self._user(user, kind)
        due, known.due = known.due, None
        if kind not in self._paces:
            self._paces[kind] = _Pace()
        pace = self._paces[kind]
        late_ms = max(0.0, (start - due) * 1000) if due is not None else 0.0
        if start < self._warm:
            self._warmed_up += 1
            if known.started is not None:
                pace.intervals += 1
                pace.total_ms += (start - known.started) * 1000
            known.started = start
            return
        known.started = start
        named = self._named(name)
        named.requests += 1
        named.latencies.record(ms + late_ms, pace.every_ms)
        if due is not None:
            self._late.record(late_ms)
        if failure:
            named.failed += 1
            text = failure[:200]
            if text in self._failures or len(self._failures) < MOST_FAILURES:
                self._failures[text] = self._failures.get(text, 0) + 1
        self._from = start if self._from is None else min(self._from, start)
        self._until = max(self._until or 0.0, start + ms / 1000)

    def result(self) -> dict[str, Any]:
        """Return `{requests, failed, seconds, warmed_up, late_p99_ms, every_ms, unknown_pace, failures, names}`.

        `names` has of each `{requests, failed, histogram}`; `every_ms` and `unknown_pace` are about the kinds of users.
        """
        seconds = self._until - self._from if self._until is not None and self._from is not None else 0.0
        return {
            "requests": sum(one.requests for one in self._names.values()),
            "failed": sum(one.failed for one in self._names.values()),
            "seconds": round(seconds, 3),
            "warmed_up": self._warmed_up,
            "late_p99_ms": self._late.percentile(99),
            "every_ms": {kind: round(pace.every_ms, 3) for kind, pace in self._paces.items()},
            "unknown_pace": sorted(kind for kind, pace in self._paces.items() if not pace.every_ms),
            "failures": dict(sorted(self._failures.items(), key=lambda one: -one[1])),
            "names": {
                name: {"requests": one.requests, "failed": one.failed, "histogram": one.latencies.encoded()}
                for name, one in self._names.items()
            },
        }

    def _named(self, name: str) -> _Named:
        if name not in self._names and len(self._names) >= MOST_NAMES:
            name = "others"
        if name not in self._names:  # made only when needed: a histogram takes long to make
            self._names[name] = _Named()
        return self._names[name]

    def _user(self, user: int, kind: str) -> _User:
        return self._users.setdefault(user, _User(kind))
