"""What this host does by itself, again and again: the verbs `jobs` and `loop`."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Dict, List, Tuple

from .. import input_json
from ..errors import UsageError

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("jobs", "loop")
_DO = ("list", "put", "remove", "run")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verbs."""
    parser.add_argument("--do", metavar="WHAT", help=f"what to do; jobs: {', '.join(_DO)}")
    parser.add_argument("--job", metavar="NAME", help="with jobs --do run: the job to run now")
    parser.add_argument("--once", action="store_true", help="with loop: start what is due, and end")


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Answer `loop`, or `jobs` with `--do`; `put` reads `{jobs: […]}` and `remove` `{names: […]}` from stdin."""
    from . import jobs, loop, running

    root, options = call.state.root, call.options
    if call.verb == "loop":
        text = loop.once(root) if options.once else loop.run(root)
        return {"changed": False, "failed": False, "message": text}, text
    do = options.do or "list"
    if do not in _DO:
        raise UsageError(f"jobs --do {do!r} is unknown: known are {', '.join(_DO)}")
    if do == "run":
        result = running.run(root, jobs.named(root, options.job))
        return result, result["message"]
    changed = False
    if do == "put":
        changed = jobs.put(root, [jobs.parse(one) for one in _given("jobs")])
    elif do == "remove":
        changed = jobs.remove(root, [str(one) for one in _given("names")])
    return _told(call, do, changed)


def _told(call: Call, do: str, changed: bool) -> Tuple[Dict[str, Any], str]:
    """Bring what runs them in line with the jobs, unless they are only listed, and say what there is."""
    from . import jobs, mechanism, running

    root = call.state.root
    chosen = mechanism.chosen()
    if do != "list":
        changed = mechanism.apply(root, jobs.read(root), call.processes) or changed
    listed = [running.listed(root, job) for job in jobs.read(root).values()]
    works = mechanism.works(root, call.processes) if listed else None
    result = {"changed": changed, "failed": False, "mechanism": chosen, "works": works, "jobs": listed}
    lines = [running.line(one) for one in listed] or ["this host does nothing by itself"]
    if listed and not works:
        lines.append(f"nothing starts them now ({chosen}): tta-ops --state {root} jobs --do put </dev/null")
    text = "\n".join(lines)
    return {**result, "message": text}, text


def _given(key: str) -> List[Any]:
    found = input_json.read(optional=True).get(key, [])
    if not isinstance(found, list):
        raise UsageError(f"what came on stdin has no list {key!r}: wanted is {{{key!r}: [...]}}")
    return found
