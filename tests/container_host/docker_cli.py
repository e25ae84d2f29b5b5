"""The one place where the tests' container hosts call `docker`."""

from __future__ import annotations

import subprocess


class DockerError(RuntimeError):
    """A `docker` command failed; the message holds the command and what it said."""


def docker(*arguments: str, stdin: bytes | None = None, timeout: float = 60) -> str:
    """Run `docker` with the arguments and return its standard output, stripped.

    Raises DockerError when it exits other than 0 or takes longer than `timeout` seconds.
    """
    command = ["docker", *arguments]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise DockerError(f"no answer within {timeout} s: {' '.join(command)}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise DockerError(f"exit {done.returncode}: {' '.join(command)}\n{said[-3000:]}")
    return done.stdout.decode(errors="replace").strip()
