"""Runs the host program and kills it with SIGKILL right after it wrote a given line into its journal.

Usage: killed.py STEP PROGRAM ARGUMENTS…; with `full:STEP` the disk is full when that line is to be written.
"""

from __future__ import annotations

import os
import signal
import sys

step, program, *arguments = sys.argv[1:]
sys.path.insert(0, program)
sys.argv = [program, *arguments]

from tta_ops import cli, errors, journal  # type: ignore[import-not-found]  # noqa: E402

write = journal.Journal.step


def write_and_die(self: object, name: str, **facts: object) -> None:
    if f"full:{name}" == step:
        raise errors.HostError("no space left to write the journal")
    write(self, name, **facts)
    if name == step:
        os.kill(os.getpid(), signal.SIGKILL)


journal.Journal.step = write_and_die
sys.exit(cli.main())
