"""Who may change a component between several acts of one playbook: a lease with a heartbeat and a fencing token.

It lies on the first host of a fleet. Its number, the fence, only grows; every host keeps the highest it has seen and
refuses a lower one, so that an operator whose lease ran out (a laptop that slept) cannot go on in another's change.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import Any, Dict, Iterator, Optional

from . import canonical, files, lock, times
from .errors import HostError, LockedError, UsageError

SECONDS = 30.0
_POLL = 0.2


class Lease:
    """``lease.json`` of one component: ``{fence, run, actor, reason, since, until}``; ``until`` 0: given back."""

    def __init__(self, folder: Path) -> None:
        """Take the component's folder, which need not exist yet."""
        self._folder = folder
        self.path = folder / "lease.json"

    def read(self) -> Dict[str, Any]:
        """Return what the file says, ``{fence: 0, until: 0}`` when there is none."""
        return dict(files.read_json(self.path)) if self.path.exists() else {"fence": 0, "run": None, "until": 0.0}

    def take(self, who: Dict[str, Any], patience: float = SECONDS + 5) -> int:
        """Take the lease and return its fence.

        A holder that gives no sign of life any more is waited for until its time is over; one that does is named in
        ``LockedError`` at once. ``who["over"]`` is a run that is known to be gone: it is not waited for.
        """
        first, until = self.read(), time.monotonic() + patience
        while True:
            with self._alone():
                held = self.read()
                free = not _lives(held) or held["run"] in (who["run"], who.get("over"))
                if free and not lock.is_held(self._folder / "lock"):
                    return self._write(int(held["fence"]) + 1, who, held)
            renewed = (held["fence"], held["until"]) != (first["fence"], first["until"])
            if free:
                holder = lock.read_holder(self._folder / "lock")
                raise LockedError(lock.describe(holder), holder)
            if renewed or time.monotonic() > until:
                raise LockedError(_taken(held), held)
            time.sleep(_POLL)

    def beat(self, run: str, fence: int) -> None:
        """Say that the holder still lives; raises ``HostError`` when it holds the lease no more."""
        with self._alone():
            held = self.read()
            if (held["run"], held["fence"]) != (run, fence):
                raise HostError(_overtaken(held, fence))
            self._write(fence, held, held)

    def give(self, run: str, fence: int, *, unchanged: bool = False) -> None:
        """Give the lease back; one that was taken over meanwhile stays as it is.

        ``unchanged``: nothing was done under it, so it is as if it had never been taken.
        """
        with self._alone():
            held = self.read()
            if (held["run"], held["fence"]) != (run, fence):
                return
            given = {key: value for key, value in {**held, "until": 0.0}.items() if key != "before"}
            before = held.get("before") if unchanged else None
            files.write(self.path, canonical.encode(before or given) + b"\n")

    def admit(self, who: Dict[str, Any], fence: Optional[int]) -> None:
        """Let an act begin on this host, or raise: another run holds the lease, or has a higher fence."""
        if fence is None and not self.path.exists():
            return
        with self._alone():
            held = self.read()
            if fence is None:
                if _lives(held) and held["run"] != who["run"]:
                    raise LockedError(_taken(held), held)
            elif fence < held["fence"] or (fence == held["fence"] and held["run"] != who["run"]):
                raise HostError(_overtaken(held, fence))
            else:
                self._write(fence, who, held)

    def _write(self, fence: int, who: Dict[str, Any], held: Dict[str, Any]) -> int:
        """Write the lease down, together with the one that it comes after."""
        same = (fence, who["run"]) == (held["fence"], held["run"])
        before = held.get("before") if same else {key: held[key] for key in held if key != "before"}
        own = {key: who.get(key) for key in ("component", "environment", "run", "actor", "reason", "process")}
        since = who.get("since") or times.now()
        facts = {**own, "fence": fence, "since": since, "until": time.time() + SECONDS}
        if before and before.get("since"):
            facts["before"] = before
        files.write(self.path, canonical.encode(facts) + b"\n")
        return fence

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        path = files.make_folder(self._folder) / "lease.lock"
        with files.explained(path):
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o640)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def run(folder: Path, request: Dict[str, Any]) -> Dict[str, Any]:
    """Do what ``{step: take|beat|give, run, actor, reason, fence}`` asks; returns ``{fence}``."""
    lease, step = Lease(folder), request.get("step")
    if step == "take":
        fence = lease.take(request, float(request.get("patience", SECONDS + 5)))
    elif step in ("beat", "give"):
        fence = int(request["fence"])
        if step == "beat":
            lease.beat(str(request["run"]), fence)
        else:
            lease.give(str(request["run"]), fence, unchanged=bool(request.get("unchanged")))
    else:
        raise UsageError(f"{step!r} is no step of a lease: known are take, beat, give")
    return {"changed": False, "failed": False, "fence": fence}


def _lives(held: Dict[str, Any]) -> bool:
    return float(held["until"]) > time.time()


def _taken(held: Dict[str, Any]) -> str:
    why = f" ({held['reason']})" if held.get("reason") else ""
    what = f"{held.get('component')} on all hosts of {held.get('environment')}"
    return (
        f"{what} is being changed by {held.get('actor') or 'somebody'}{why}, run {held['run']}, since "
        f"{held.get('since')}: wait until that run is done, then the same command again"
    )


def _overtaken(held: Dict[str, Any], fence: int) -> str:
    return (
        f"this run (fence {fence}) gave no sign of life for too long, and {held.get('actor') or 'somebody'} took over "
        f"with run {held['run']} (fence {held['fence']}): see ansible-playbook status.yml, then the same command again"
    )
