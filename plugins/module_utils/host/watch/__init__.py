"""The watch over a new release: the host looks again and again, and takes it back by itself. The verb ``watch``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Dict, Tuple

from .. import input_json
from ..errors import UsageError

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("watch",)
_DO = ("report", "note", "start", "stop", "tick", "follow")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add no options: ``--do`` is that of other verbs too."""


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Do what ``--do`` says; ``start`` reads ``{component, environment, …}`` (see ``record.begin``) from stdin."""
    from . import follower, record, starting

    do = call.options.do or "report"
    if do not in _DO:
        raise UsageError(f"watch --do {do!r} is unknown: known are {', '.join(_DO)}")
    if do == "follow":
        return _told(follower.follow(call.state, call.processes))
    if do == "tick":
        return _told(follower.see_to_it(call.state, call.processes))
    if do == "start":
        return _told(starting.start(call.state, call.processes, input_json.read()))
    if do == "note":
        return _told(starting.note(call.state, call.processes, call.who()))
    if do == "stop":
        return _told(starting.stop(call.state, call.who()))
    found = [record.shown(one) for one in record.every(call.state)]
    chosen = [one for one in found if call.options.component in (None, one["component"])]
    chosen = [one for one in chosen if call.options.environment in (None, one["environment"])]
    lines = [record.sentence(one) for one in chosen] or ["nothing is watched"]
    return {"changed": False, "failed": False, "watches": chosen, "message": "; ".join(lines)}, "\n".join(lines)


def _told(result: Dict[str, Any]) -> Tuple[Dict[str, Any], str]:
    return result, str(result["message"])
