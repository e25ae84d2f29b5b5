"""Requests that are sent from the beginning of a rehearsal to its end, across its acts, as one of the users would.

A process of its own sends them, so that no act and no connection has to last for it. It ends when it is told to, when
the mark is not that of its rehearsal any more, and when the declared time is over.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, Optional

from .. import canonical, files, receipt, watching
from ..context import Context
from ..processes import clean_environment
from . import mark

_POLL = 0.1
_LAST = 15.0  # a request may take 5 s, and the machine may be busy


def begin(context: Context) -> None:
    """Leave a process behind that sends requests."""
    clear(context)
    program = Path(sys.argv[0]).resolve()
    where = ["--state", str(context.state.root), "--environment", context.environment, "--run", context.run]
    subprocess.Popen(
        [sys.executable, str(program), "--json", *where, "rehearsal-traffic", context.component],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=clean_environment(os.environ),
        start_new_session=True,
    )


def send(context: Context) -> Dict[str, Any]:
    """Send requests until they are no more wanted, then write down what became of them.

    ``{run, target, rate, requests, failures, longest_gap_seconds, p50_ms, p99_ms}``; without a target there is no
    address that stays the same, and no request.
    """
    folder = context.store.folder
    watching.begin(context, context.store.current())
    prober = context.prober
    seen: Dict[str, Any] = {"run": context.run, "target": None, "rate": 0.0, "requests": 0, "failures": 0}
    if prober is not None:
        while _is_wanted(folder, context.run) and not _stop(context).exists():
            time.sleep(_POLL)
        found = receipt.summary(prober.stop(), None, None)
        told = {key: found[key] for key in ("requests", "failures", "longest_gap_seconds")}
        latency = {key: found["before"][key] for key in ("p50_ms", "p99_ms")}
        seen.update(target=prober.target, rate=prober.rate, **told, **latency)
    files.write(_seen(context), canonical.encode(seen) + b"\n")
    return {"changed": False, "failed": False, "message": f"{seen['failures']} of {seen['requests']} requests failed"}


def end(context: Context) -> Optional[Dict[str, Any]]:
    """Have no more requests sent; return what became of them, or None when nobody can say."""
    files.write(_stop(context), b"")
    until = time.monotonic() + _LAST
    path = _seen(context)
    while time.monotonic() < until:
        if path.exists():
            return dict(files.read_json(path))
        time.sleep(_POLL)
    return None


def clear(context: Context) -> None:
    """Forget what was seen, and what the processes of earlier rehearsals have left."""
    for path in context.store.folder.glob("rehearsal-traffic-*"):
        with files.explained(path):
            path.unlink(missing_ok=True)


def _is_wanted(folder: Path, run: str) -> bool:
    found = mark.read(folder)
    return found is not None and found["run"] == run and not mark.is_over(found)


def _seen(context: Context) -> Path:
    return context.store.folder / f"rehearsal-traffic-{context.run}.json"


def _stop(context: Context) -> Path:
    return context.store.folder / f"rehearsal-traffic-{context.run}.stop"
