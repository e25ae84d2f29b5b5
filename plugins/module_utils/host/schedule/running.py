"""Running one job: never twice at once, never longer than it may take, its end written down."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Sequence

from .. import canonical, files, lock, times
from ..errors import HostError
from .jobs import Job

_SHOWN = 500
Main = Callable[[Sequence[str]], int]


class _Late(HostError):
    """The job took longer than it may."""


def run(root: Path, job: Job, main: Optional[Main] = None) -> Dict[str, Any]:
    """Run a job in this process; return `{changed, failed, name, begun, seconds, code, message}`.

    `main` runs the host program's command line and returns its exit code. One that is still running is left alone.
    """
    with lock.only_one(files.make_folder(root / "jobs") / f"{job.name}.lock") as held:
        if not held:
            return {"changed": False, "failed": False, "name": job.name, "message": f"{job.name} is running already"}
        begun, started = times.now(), time.monotonic()
        kept: Dict[str, Any] = {"schema": 1, "name": job.name, "begun": begun, "ended": None}
        _write(root, job.name, kept)
        code, message = _called(root, job, main or _own_main())
        kept.update(
            ended=times.now(), seconds=round(time.monotonic() - started, 2), code=code, message=message[:_SHOWN]
        )
        _write(root, job.name, kept)
        said = f"{job.name}: {message}" if code else f"{job.name} done"
        return {**kept, "changed": True, "failed": code != 0, "message": said}


def _called(root: Path, job: Job, main: Main) -> "tuple[int, str]":
    said = io.StringIO()

    def late(*_: object) -> None:
        raise _Late(f"took longer than {job.timeout_s} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(job.timeout_s)
    try:
        with contextlib.redirect_stdout(said):
            code = main(["--json", "--state", str(root), *job.argv])
        return code, _message(said.getvalue())
    except _Late as error:
        return 1, str(error)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _message(said: str) -> str:
    for line in reversed(said.splitlines()):
        with contextlib.suppress(ValueError, AttributeError):  # a line for people; the result is one of JSON
            return str(json.loads(line).get("result", {}).get("message", ""))
    return ""


def _own_main() -> Main:
    from ..cli import main

    return main


def _write(root: Path, name: str, kept: Dict[str, Any]) -> None:
    """Write a job's last run down; on a full disk it runs all the same, and what it does says so."""
    with contextlib.suppress(HostError):  # a job is worth more than the note that it ran
        files.write(record(root, name), canonical.encode(kept) + b"\n")


def record(root: Path, name: str) -> Path:
    """Return where a job's last run is written down."""
    return root / "jobs" / f"{name}.json"


def last(root: Path, name: str) -> Dict[str, Any]:
    """Return what is known of a job's last run, or nothing."""
    try:
        found = json.loads(record(root, name).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def listed(root: Path, job: Job) -> Dict[str, Any]:
    """Return a job with its last run, as results have it."""
    return {**asdict(job), "argv": list(job.argv), "last": last(root, job.name) or None}


def line(one: Dict[str, Any]) -> str:
    """Return a listed job for a person."""
    when = f"every {one['every_s']} s" if one["every_s"] else f"daily at {one['at']} UTC"
    known = one["last"]
    if not known:
        said = "has not run yet"
    elif not known.get("ended"):
        said = f"began {known['begun']}"
    else:
        said = f"{'failed' if known.get('code') else 'done'} {known['ended']}" + (
            f" ({known['message'].splitlines()[0]})" if known.get("code") and known.get("message") else ""
        )
    return f"{one['name']:24} {when:22} {said}"
