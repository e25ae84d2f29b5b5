"""Runs the host program and kills it, as SIGKILL would, right after it wrote a given line into its journal.

Usage: tiny_killed.py STEP PROGRAM ARGUMENTS…
"""

from __future__ import annotations

import os
import signal
import sys

step, program, *arguments = sys.argv[1:]
sys.path.insert(0, program)
sys.argv = [program, *arguments]

from tta_ops import cli, journal  # type: ignore[import-not-found]  # noqa: E402

write = journal.Journal.step


def write_and_die(self: object, name: str, **facts: object) -> None:
    write(self, name, **facts)
    if name == step:
        os.kill(os.getpid(), signal.SIGKILL)


journal.Journal.step = write_and_die
sys.exit(cli.main())
