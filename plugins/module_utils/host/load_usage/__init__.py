"""What a component's containers use while somebody else puts load on them: the verb `load-usage COMPONENT`."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any, Dict, Tuple

from ..errors import UsageError

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("load-usage",)
LONGEST_S = 4 * 3600


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add how long to look."""
    parser.add_argument("--seconds", type=int, metavar="N", help="with load-usage: for how many seconds to look")


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Look once a second for `--seconds`, and return `{cpu, cpu_most, memory_mb, restarts, samples, problem}`."""
    # Loaded only here: every start of the program loads this module.
    import time

    from .. import engine_socket
    from ..compose import LABEL_COMPONENT, LABEL_ENVIRONMENT
    from ..engine import Engine
    from . import watching

    seconds = call.options.seconds
    if not seconds or not 1 <= seconds <= LONGEST_S:
        raise UsageError(
            f"--seconds is {seconds}; wanted: 1 to {LONGEST_S}; next: tta-ops load-usage carbon --seconds 60"
        )
    who, line = call.who(), engine_socket.usual(os.environ)
    engine = Engine(call.processes, line)
    labels = (f"label={LABEL_ENVIRONMENT}={who['environment']}", f"label={LABEL_COMPONENT}={who['component']}")
    found = watching.watch(
        lambda: [one for one in engine.containers(*labels) if one["State"].get("Running")],
        lambda one: watching.counters(line, one),
        seconds,
        time.monotonic,
        time.sleep,
    )
    said = found["problem"] or f"{found['cpu']:.0f} % of a core, {found['memory_mb']:.0f} MB at most"
    return found, f"{who['component']}: {said}"
