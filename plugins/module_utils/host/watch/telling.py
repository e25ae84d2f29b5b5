"""Tells the operator's address what a watch did. What did not arrive is kept, and sent again at the next look."""

from __future__ import annotations

from typing import Any, Dict, List

from .. import times, webhook
from ..context import Context
from .record import Watch

_TRIES = 40


def message(watch: Watch, context: Context, event: str, said: str, result: Dict[str, Any]) -> Dict[str, Any]:
    """Return what is sent: the same form (schema 1) as that of the control node's ``notify``."""
    current = context.store.current()
    return {
        "schema": 1,
        "text": f"{watch['component']} on {watch['environment']}: {said}",
        "event": event,
        "component": watch["component"],
        "environment": watch["environment"],
        "release": {"number": watch["release"], "commit": watch["commit"], "tree": watch["tree"]},
        "serves": current.number if current else None,
        "outcome": result.get("outcome") or watch["state"],
        "message": said,
        "receipt": result.get("receipt"),
        "actor": context.actor,
        "reason": context.reason,
        "run": context.run,
        "at": times.now(),
    }


def send(address: str, messages: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Send in order; return what has not arrived. After so many tries a message is given up."""
    left = list(messages) if address else []
    while left and not webhook.post(address, {key: one for key, one in left[0].items() if key != "tries"}):
        left.pop(0)
    tried = [{**one, "tries": one.get("tries", 0) + 1} for one in left[:1]] + left[1:]
    return [one for one in tried if one.get("tries", 0) < _TRIES]
