"""Runs the steps of the life in children that are killed after some milliseconds, and begun again, until they end.

`python -m life.killed ROOT API KILLS SEED` prints one JSON line: `{kills, attempts, by_step}`. Imports are done once: a
child is a fork, so that a kill meets the work and not the interpreter's start.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from .carbon import STEPS
from .world import World

_ENDED = 75


def main(root: Path, api: str, kills: int, seed: int) -> dict[str, object]:
    """Go through the life; each step is killed a share of `kills` times, then left to its end."""
    chance = random.Random(seed)  # noqa: S311 - when to kill
    wanted = Counter(chance.choices(range(len(STEPS)), k=kills))
    done, attempts = Counter[str](), 0
    for number, (name, _, _) in enumerate(STEPS):
        while wanted[number] > done[name]:
            attempts += 1
            done[name] += _killed(root, api, number, chance.uniform(0.0, 0.25))
            if attempts > 20 * kills:
                raise RuntimeError(f"{name} is always done before it can be killed")
        _to_the_end(root, api, number)
    return {"kills": sum(done.values()), "attempts": attempts, "by_step": dict(done)}


def _killed(root: Path, api: str, number: int, seconds: float) -> bool:
    """Say whether the child was killed in the middle of its work."""
    child = _begin(root, api, number)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.001)
    os.killpg(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _to_the_end(root: Path, api: str, number: int) -> None:
    _, code = os.waitpid(_begin(root, api, number), 0)
    if os.waitstatus_to_exitcode(code) != _ENDED:
        raise RuntimeError(f"{STEPS[number][0]} ended with {code}")


def _begin(root: Path, api: str, number: int) -> int:
    """Begin a step as a playbook does: a process with a worker, which are one group."""
    child = os.fork()
    if child:
        with contextlib.suppress(OSError):
            os.setpgid(child, child)
        return child
    os.setpgid(0, 0)
    worker = os.fork()
    if worker:
        os._exit(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))
    name, do, ends = STEPS[number]
    code = 1
    try:
        said = do(World(root, api))
        code = _ENDED if ends in said else 1
        if code == 1:
            print(f"{name}: {said}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
