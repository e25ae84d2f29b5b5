"""Commands whose output or input is too large for memory, with the hash of every byte that went through.

A producer's own exit code decides: output that is there says nothing about whether it is whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import select
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple, cast

from .. import files
from ..errors import EngineError, HostError
from ..processes import Completed, clean_environment

STALL = 600.0  # seconds without a byte after which a producer counts as dead
DAY = 86400.0  # the longest that a whole command may take
_CHUNK, _PIPE = 1 << 20, 1031  # 1031: F_SETPIPE_SZ, which Python 3.9 has no name for


class Stored(NamedTuple):
    """What went into a file."""

    sha256: str
    bytes: int


class Streams:
    """Starts commands; ``inherited`` are open files (locks) that they keep open."""

    def __init__(self, inherited: Tuple[int, ...] = ()) -> None:
        """Take what children inherit."""
        self.inherited = inherited

    def start(self, argv: Sequence[str], errors: IO[bytes], **how: Optional[int]) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own; raises ``EngineError`` when it is not installed."""
        try:
            return subprocess.Popen(
                argv,
                stdin=how.get("stdin", subprocess.DEVNULL),
                stdout=how.get("stdout", subprocess.DEVNULL),
                stderr=errors,
                env=clean_environment(os.environ),
                pass_fds=self.inherited,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise EngineError(f"{argv[0]} is not installed on this host: prepare the host first") from None

    def out(self, argv: Sequence[str], path: Path, what: str) -> Stored:
        """Write the output of a command into the new file ``path`` (0600); ``what`` it is, for messages.

        The file is not synced: it is read at once, and nothing of a dump outlives a crash.
        """
        digest, size = hashlib.sha256(), 0
        with files.explained(path), tempfile.TemporaryFile() as errors, path.open("xb", buffering=0) as target:
            path.chmod(0o600)
            process = self.start(argv, errors, stdout=subprocess.PIPE)
            try:
                for chunk in _chunks(process, what):
                    digest.update(chunk)
                    _write(target, chunk)
                    size += len(chunk)
                code = process.wait(STALL)
            except BaseException:
                end(process)
                raise
            if code:
                raise HostError(f"{what} ended with exit code {code} ({last_line(errors)}): nothing was kept of it")
        return Stored(digest.hexdigest(), size)

    def feed(self, argv: Sequence[str], path: Path, what: str) -> None:
        """Give the file ``path`` to a command as its input."""
        with tempfile.TemporaryFile() as errors, path.open("rb") as source:
            process = self.start(argv, errors, stdin=source.fileno())
            try:
                code = process.wait(DAY)
            except BaseException:
                end(process)
                raise
            if code:
                raise HostError(f"{what} ended with exit code {code} ({last_line(errors)})")

    def run(self, argv: Sequence[str], extra: Mapping[str, str], deadline: float = DAY) -> Completed:
        """Return what a command with few words to say left; ``extra`` goes into its environment."""
        environment: Dict[str, str] = {**clean_environment(os.environ), **extra}
        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                pass_fds=self.inherited,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise HostError(f"{argv[0]} is not installed on this host: apt-get install {argv[0]}") from None
        try:
            out, err = process.communicate(timeout=deadline)
        except BaseException:
            end(process)
            raise
        return Completed(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a command with all its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_line(errors: IO[bytes]) -> str:
    """Return the last thing that a command complained of."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - 4096))
    lines: List[str] = [line for line in errors.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return " ".join(lines[-1].split())[:300] if lines else "it said nothing"


def hash_of(path: Path) -> Stored:
    """Return what is in a file."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        for chunk in iter(lambda: source.read(_CHUNK), b""):
            digest.update(chunk)
            size += len(chunk)
    return Stored(digest.hexdigest(), size)


def _chunks(process: subprocess.Popen[bytes], what: str) -> Iterator[bytes]:
    pipe = cast(IO[bytes], process.stdout).fileno()
    fcntl.fcntl(pipe, _PIPE, _CHUNK)
    while True:
        if not select.select([pipe], [], [], STALL)[0]:
            raise EngineError(f"{what} gave nothing for {STALL:g} s: see whether Docker works (docker ps)")
        chunk = os.read(pipe, _CHUNK)
        if not chunk:
            return
        yield chunk


def _write(target: IO[bytes], chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[target.write(view) :]
