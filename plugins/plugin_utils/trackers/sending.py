"""From documents to a tracker: first into the outbox beside the ledger, then in order to where they go.

What cannot be sent stays there, and the next run, whoever's it is, sends it before its own. Nothing here fails a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from .. import run_process
from .interface import Document, Remote, Tracker, Unsent

LEASE_SECONDS = 180.0
"""Longer than the budget of `requesting`: who has the lease has ended, one way or the other, when it is over."""


class Outbox(Protocol):
    """The host program's verb `outbox` for one environment."""

    def __call__(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return `{queue, remotes, holder, yours, changed}`."""


@dataclass
class Sent:
    """What came of it. `problems` are sentences, `notice` another or none; `sent` counts documents."""

    remotes: dict[str, Remote] = field(default_factory=dict)
    queued: int = 0
    sent: int = 0
    problems: list[str] = field(default_factory=list)
    notice: str = ""


def send(documents: Iterable[Document], outbox: Outbox, connect: Callable[[], Tracker], run: str) -> Sent:
    """Queue `documents`, then send all that waits; `connect` returns the tracker or raises `Unsent`."""
    found = _taken(outbox, [dict(each) for each in documents], run)
    result = Sent(dict(found["remotes"]), len(found["queue"]))
    if not found["queue"]:
        return result
    if not found["yours"]:
        result.problems.append(f"run {found['holder']['run']} sends right now; what it leaves the next run sends")
        return result
    done: list[dict[str, Any]] = []
    try:
        tracker = connect()
        _send_all(found["queue"], tracker, result, done)
        result.notice = tracker.notice()
    except Unsent as problem:
        result.problems.append(str(problem))
    finally:
        left = outbox({"done": done, "leave": run})
    result.queued = len(left["queue"])
    return result


def _send_all(queue: list[dict[str, Any]], tracker: Tracker, result: Sent, done: list[dict[str, Any]]) -> None:
    """Send in order. One that is refused waits, unless a newer one for the same issue says what is wanted since."""
    for at, entry in enumerate(queue):
        key = entry["key"]
        numbers = {one: int(remote["number"]) for one, remote in result.remotes.items()}
        try:
            remote = tracker.put(entry["document"], result.remotes.get(key) or {}, numbers)
        except Unsent as problem:
            if not problem.alone:
                raise
            if any(later["key"] == key for later in queue[at + 1 :]):
                done.append({"seq": entry["seq"], "key": key, "remote": None})
            else:
                result.problems.append(f"{key}: {problem}")
            continue
        result.remotes[key] = {**remote, "sent": entry["digest"]}
        result.sent += 1
        done.append({"seq": entry["seq"], "key": key, "remote": result.remotes[key]})


def _taken(outbox: Outbox, put: list[dict[str, Any]], run: str) -> dict[str, Any]:
    """Put into the outbox, and take the sender's lease where something waits; from a run that is gone, too."""
    take = {"run": run, "process": run_process.own(), "seconds": LEASE_SECONDS}
    found = outbox({"put": put, "take": take})
    holder = found["holder"] or {}
    if found["queue"] and not found["yours"] and run_process.is_gone(holder.get("process")):
        found = outbox({"take": {**take, "instead_of": holder["run"]}})
    return found
