"""The recorder: looks at what is observed once a minute, and says what it saw. The verb `observe`."""

from __future__ import annotations

import argparse
import os
import time
from typing import TYPE_CHECKING, Any, Dict, Tuple

from .. import engine_socket, input_json
from ..engine import Engine
from ..errors import UsageError

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("observe",)
DO = ("report", "start", "stop", "sample", "daily", "maintenance", "tests")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb."""
    parser.add_argument("--from", dest="begin", metavar="TIME", help="with observe --do maintenance: when it begins")
    parser.add_argument("--until", dest="end", metavar="TIME", help="with observe --do maintenance: when it ends")
    parser.add_argument("--record", action="store_true", help="with observe --do report: write it into the ledger")


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Answer `observe` with `--do`; `start` reads `{expect, settings}`, `tests` `{ok, said}` from stdin."""
    from . import acts, daily, observed, tick

    do, options = call.options.do or "report", call.options
    if do not in DO:
        raise UsageError(f"observe --do {do!r} is unknown: known are {', '.join(DO)}")
    if do == "sample":
        line = engine_socket.usual(os.environ)
        result = tick.tick(call.state, Engine(call.processes, line), line, component=options.component)
    elif do == "daily":
        result = daily.all_of_them(call.state, call.processes)
    elif do == "report":
        chosen = observed.everything(call.state, options.environment, options.component)
        if options.component and not chosen and not options.environment:
            observed.required(call.state, call.who()["environment"], options.component)
        records = [observed.required(call.state, *one) for one in chosen]
        result = acts.reports(call.state, records, time.time())
        if options.record:
            entered = [acts.enter(call.state, acts.on_behalf(options, one), one) for one in result["reports"]]
            result["changed"] = any(entered)
    elif do == "start":
        result = acts.start(call.state, call.who(), input_json.read(optional=True), call.processes)
    elif do == "stop":
        result = acts.stop(call.state, call.who(), call.processes)
    elif do == "maintenance":
        if not options.begin or not options.end:
            raise UsageError("observe --do maintenance needs --from and --until, times such as 2026-11-20T22:00Z")
        result = acts.declare(call.state, call.who(), options.begin, options.end, time.time())
    else:
        result = daily.noted(call.state, call.who(), input_json.read(optional=True), time.time())
    return result, result["message"]
