"""Messages that did not arrive: kept in the operator's state, and told by the next run, the oldest first.

A message has no address in it: that is the receiver's, and looked up when it is sent. One that is older than a week, or
whose receiver is gone, is dropped.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

MOST = 200
DAYS = 7

Send = Callable[[Mapping[str, Any], Mapping[str, Any]], str]


class Waiting:
    """The folder of messages that wait; `send(receiver, message)` returns why one did not arrive, or nothing."""

    def __init__(self, folder: Path, send: Send) -> None:
        """Take the folder, which need not exist yet."""
        self.folder, self.send = folder, send

    def tell(self, receivers: Sequence[Mapping[str, Any]], told: Mapping[str, Any], now: datetime) -> dict[str, str]:
        """Tell what waits and then `told`; return, by receiver, why it was not told. What was not told waits."""
        problems = self._told_late(receivers, now)
        for one in receivers:
            if told["event"] not in one["events"]:
                continue
            problem = problems.get(one["name"]) or self.send(one, told)
            if problem:
                problems[one["name"]] = problem
                self._keep(one["name"], told, now)
        return problems

    def _told_late(self, receivers: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, str]:
        known, problems = {str(one["name"]): one for one in receivers}, {}
        for path in sorted(self.folder.glob("*.json")) if self.folder.is_dir() else ():
            waits = _read(path)
            name = str(waits.get("receiver"))
            old = str(waits.get("since", "")) < (now - timedelta(days=DAYS)).isoformat()
            if name in problems:
                continue
            if name in known and not old:
                problem = self.send(known[name], waits["message"])
                if problem:
                    problems[name] = problem
                    continue
            path.unlink(missing_ok=True)
        return problems

    def _keep(self, name: str, told: Mapping[str, Any], now: datetime) -> None:
        """Write it down under a name that sorts by time; the same message waits once."""
        which = hashlib.sha256(f"{name}\n{told['id']}".encode()).hexdigest()[:12]
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        waiting = sorted(self.folder.glob("*.json"))
        if any(path.stem.endswith(which) for path in waiting):
            return
        for path in waiting[: max(0, len(waiting) - MOST + 1)]:
            path.unlink(missing_ok=True)
        path = self.folder / f"{now:%Y%m%dT%H%M%S%f}-{which}.json"
        new = path.with_suffix(f".{os.getpid()}")
        content = {"schema": 1, "receiver": name, "since": now.isoformat(), "message": dict(told)}
        new.write_text(json.dumps(content, sort_keys=True) + "\n", encoding="utf-8")
        new.chmod(0o600)
        new.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) and isinstance(value.get("message"), dict) else {}


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
