"""Runs one command to its end: argument list, time limit, output limit, nothing inherited, nothing left behind."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from .following import follow
from .warden import end_marked, started_below_the_warden

OUTPUT_BYTES = 20 * 1024 * 1024
_MISSING = (errno.ENOENT, errno.ENOTDIR, errno.EACCES)
MARK = "TTA_OPS_COMMAND"


@dataclass(frozen=True)
class Finished:
    """A command that has ended.

    `exit` is None when it never started; `ended` says by what it ended: `exit`, `signal`, `missing` (no such program),
    `unstarted` (standard error says why), `time`, `output`, `stopped` (the run was given up) or `lost` (it got rid of
    what watched over it). `confined` says that the kernel refused writes outside of its folders.
    """

    arguments: tuple[str, ...]
    exit: int | None
    stdout: str
    stderr: str
    seconds: float
    ended: str
    confined: bool = False

    @property
    def trouble(self) -> str:
        """One sentence about an end that was not the command's own, else empty."""
        program = self.arguments[0]
        return {
            "exit": "",
            "signal": f"{program} was killed by signal {-(self.exit or 0)}",
            "missing": f"{program} is not installed",
            "unstarted": f"{program} could not be started: {self.stderr}",
            "time": f"{program} did not end within {self.seconds:.0f} s and was killed",
            "output": f"{program} printed more than its limit and was killed",
            "stopped": f"{program} was stopped with the run",
            "lost": f"{program} ended the process that watches over it",
        }[self.ended]

    @property
    def last_words(self) -> str:
        """The last non-empty line that the command wrote, standard error first."""
        lines = [line.strip() for line in (self.stderr or self.stdout).splitlines() if line.strip()]
        return lines[-1][:300] if lines else ""


def run(
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    seconds: float,
    stop: Event,
    output_bytes: int = OUTPUT_BYTES,
    writable: Sequence[Path] | None = None,
) -> Finished:
    """Run a command and return how it ended; everything that it started is gone afterwards, however it hid.

    Where the kernel can, it writes only below `writable`; with None it may write anywhere.
    """
    started = time.monotonic()
    mark = os.urandom(16).hex()
    asked = {
        "arguments": list(arguments),
        "cwd": str(cwd),
        "environment": {**environment, MARK: mark},
        "writable": None if writable is None else [str(path) for path in writable],
    }
    with started_below_the_warden(json.dumps(asked).encode() + b"\n") as pipes:
        ended, out, err, said = follow(pipes, started + seconds, stop, output_bytes)
    code = said.get("exit")
    if "missing" in said:
        ended = "missing" if said["missing"] in _MISSING else "unstarted"
        code, err = None, bytearray(str(said["why"]).encode())
    elif code is None:
        end_marked(f"{MARK}={mark}")
        ended = ended or "lost"
    ended = ended or ("signal" if code is not None and code < 0 else "exit")
    took = time.monotonic() - started
    return Finished(tuple(arguments), code, _text(out), _text(err), took, ended, bool(said.get("confined")))


def _text(raw: bytearray) -> str:
    text = raw.decode("utf-8", "backslashreplace")
    raw.clear()  # a tool may have said a lot: once is enough
    return text
