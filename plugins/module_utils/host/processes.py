"""Runs one command with a deadline. The only place where the host program starts anything."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import dataclass
from typing import Dict, Mapping, Optional, Protocol, Sequence, Tuple

from .errors import EngineError

# Not the caller's whole environment: a variable of the shell would win over the release's own environment file.
_PASSED = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "SSH_AUTH_SOCK",
    "XDG_RUNTIME_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)


@dataclass(frozen=True)
class Completed:
    """What a command left: exit code and text."""

    code: int
    out: str
    err: str


class Runner(Protocol):
    """Runs ``argv``; raises ``EngineError`` after ``deadline`` seconds."""

    def __call__(self, argv: Sequence[str], *, deadline: float, cwd: Optional[str] = None) -> Completed:
        """Return what the command left."""


def clean_environment(given: Mapping[str, str]) -> Dict[str, str]:
    """Return the variables that commands get: what Docker needs to find its engine, and nothing that Compose reads."""
    return {key: value for key, value in given.items() if key in _PASSED or key.startswith("DOCKER_")}


class Processes:
    """The runner for real commands; ``inherited`` are open files (the lock) that children keep open."""

    def __init__(self) -> None:
        """Start with nothing to inherit."""
        self.inherited: Tuple[int, ...] = ()

    def __call__(self, argv: Sequence[str], *, deadline: float, cwd: Optional[str] = None) -> Completed:
        """Return what the command left; a command that outlasts its deadline is killed with all its children."""
        try:
            process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env=clean_environment(os.environ),
                pass_fds=self.inherited,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise EngineError(f"{argv[0]} is not installed on this host: prepare the host first") from None
        try:
            out, err = process.communicate(timeout=deadline)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            if isinstance(error, subprocess.TimeoutExpired):
                command = " ".join(argv[:2])
                raise EngineError(
                    f"{command} gave no answer within {deadline:g} s: see whether Docker works (docker ps)"
                ) from None
            raise
        return Completed(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
