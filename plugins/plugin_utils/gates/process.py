"""Runs one command to its end: argument list, own process group, time limit, output limit, nothing inherited."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

OUTPUT_BYTES = 20 * 1024 * 1024
_LOOK_SECONDS = 0.2
_AFTERMATH_SECONDS = 1.0


@dataclass(frozen=True)
class Finished:
    """A command that has ended.

    `exit` is None when it never started; `ended` says by what it ended: `exit`, `signal`, `missing` (no such program),
    `time`, `output` or `stopped` (the run was given up).
    """

    arguments: tuple[str, ...]
    exit: int | None
    stdout: str
    stderr: str
    seconds: float
    ended: str

    @property
    def trouble(self) -> str:
        """One sentence about an end that was not the command's own, else empty."""
        program = self.arguments[0]
        return {
            "exit": "",
            "signal": f"{program} was killed by signal {-(self.exit or 0)}",
            "missing": f"{program} is not installed",
            "time": f"{program} did not end within {self.seconds:.0f} s and was killed",
            "output": f"{program} printed more than its limit and was killed",
            "stopped": f"{program} was stopped with the run",
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
) -> Finished:
    """Run a command and return how it ended; its whole process group is gone afterwards."""
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            list(arguments),
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return Finished(tuple(arguments), None, "", "", 0.0, "missing")
    try:
        ended, out, err = _follow(process, started + seconds, stop, output_bytes)
    finally:
        _end_group(process)
    code = process.returncode
    if ended == "exit" and code < 0:
        ended = "signal"
    return Finished(tuple(arguments), code, _text(out), _text(err), time.monotonic() - started, ended)


def _follow(
    process: subprocess.Popen[bytes], deadline: float, stop: Event, limit: int
) -> tuple[str, bytearray, bytearray]:
    """Read both pipes until the command is over or must be ended; children that keep a pipe open are not waited for."""
    out, err = bytearray(), bytearray()
    gone_since: float | None = None
    with selectors.DefaultSelector() as selector:
        for pipe, buffer in ((process.stdout, out), (process.stderr, err)):
            assert pipe is not None  # noqa: S101  both are pipes, see Popen above
            selector.register(pipe, selectors.EVENT_READ, buffer)
        while selector.get_map():
            for key, _ in selector.select(_LOOK_SECONDS):
                chunk = os.read(key.fd, 65536)
                key.data.extend(chunk)
                if not chunk:
                    selector.unregister(key.fileobj)
            now = time.monotonic()
            if len(out) + len(err) > limit:
                return "output", out[:limit], err[:limit]
            if stop.is_set():
                return "stopped", out, err
            if process.poll() is not None:
                gone_since = gone_since or now
                if now - gone_since > _AFTERMATH_SECONDS:
                    return "exit", out, err
            elif now > deadline:
                return "time", out, err
    while process.poll() is None:
        if time.monotonic() > deadline or stop.is_set():
            return "stopped" if stop.is_set() else "time", out, err
        stop.wait(0.02)
    return "exit", out, err


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):  # the whole group has ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()


def _text(raw: bytes | bytearray) -> str:
    return bytes(raw).decode("utf-8", "backslashreplace")
