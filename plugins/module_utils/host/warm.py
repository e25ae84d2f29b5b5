"""The colour that no longer serves is kept running for a while, so that going back is one switch; then it stops.

Whoever comes next stops it when its time is over; so that somebody comes, each act leaves a small process that waits.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict

from . import colouring, colours, times
from .context import Context
from .errors import LockedError
from .processes import clean_environment


def cool(context: Context) -> Dict[str, Any]:
    """Stop the colour whose time is over; return the result of the verb ``drain``."""
    store = context.store
    found, current = colours.read(store.folder), store.current()
    result = {"outcome": "unchanged", "changed": False, "failed": False}
    if found is None or current is None or found.warm_until is None or found.idle not in found.releases:
        return {**result, "message": f"nothing of {context.title} is kept warm; {context.serving()}"}
    number = found.releases[found.idle]
    if colours.seconds_between(times.now(), found.warm_until) > 0:
        return {**result, "message": f"{context.component} {number} is kept warm until {found.warm_until}"}
    context.engine.down(colouring.project(current.facts["project"], found.idle))
    colours.write(store.folder, found.cooled())
    message = f"{context.component} {number} was kept warm until {found.warm_until} and is stopped; {context.serving()}"
    return {**result, "outcome": "stopped", "changed": True, "message": message}


def see_to_it(context: Context) -> None:
    """Leave a process behind that stops the colour when its time is over; one that is there already is enough."""
    program = Path(sys.argv[0]).resolve()
    where = ["--state", str(context.state.root), "--environment", context.environment]
    subprocess.Popen(
        [sys.executable, str(program), "--json", *where, "--when-due", "drain", context.component],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=clean_environment(os.environ),
        start_new_session=True,
    )


def when_due(folder: Path, stop: Callable[[], Dict[str, Any]]) -> Dict[str, Any]:
    """Wait until the time of the colour that is warm now is over, then stop it; leave it to an act that comes first."""
    found = colours.read(folder)
    until = found.warm_until if found else None
    while found and until and found.warm_until == until:
        left = colours.seconds_between(times.now(), until)
        if left <= 0:
            with contextlib.suppress(LockedError):  # an act is under way: it may change what is warm, so look again
                return stop()
        time.sleep(min(max(left, 1.0), 5.0))
        found = colours.read(folder)
    return {"outcome": "unchanged", "changed": False, "failed": False, "message": "another act came first"}
