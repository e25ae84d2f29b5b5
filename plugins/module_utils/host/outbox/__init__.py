"""What is to be sent to a tracker elsewhere: kept beside the ledger until it is known to have arrived.

Verb `outbox`; stdin `{environment, put, take, done, leave}`. Whoever sends does it with the sender's lease, so that two
runs never send the same; see `queue`. With `put`, what else stands in `issues/` and was never sent is put in too: a run
that was killed between writing an issue there and putting it in here loses nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, Dict, List, Tuple

from .. import files, input_json, names
from ..lock import Lock
from ..tracked.shelf import Shelf
from . import queue

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("outbox",)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add no option."""


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Do what stdin says, under a lock; return `{changed, queue, remotes, holder, yours}`."""
    return answered(call, sys.stdin.read())


def answered(call: Call, text: str) -> Tuple[Dict[str, Any], str]:
    """Do what `text`, the JSON of stdin, says."""
    asked = input_json.parsed(text)
    base = call.state.root / names.checked("environment", asked.get("environment"))
    folder = base / "tracker"
    path = folder / "outbox.json"
    if not any(key in asked for key in ("put", "take", "done", "leave")):
        return _result(_read(path), changed=False, yours=False)
    files.make_folder(folder)
    with Lock(folder / "lock", {"brief": True, "component": "the tracker's outbox"}):
        before = _read(path)
        if "put" in asked:
            asked["put"] = _with_shelved(queue.checked(asked["put"]), before, Shelf(base).read())
        after, yours = queue.changed(before, asked)
        if after != before:
            files.write(path, json.dumps(after, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return _result(after, changed=after["queue"] != before["queue"], yours=yours)


def _with_shelved(put: List[Any], outbox: queue.Outbox, shelved: List[Dict[str, Any]]) -> List[Any]:
    """Return what is to be put in: as it stands in `issues/` where it does, and what else waits there."""
    standing = {one["key"]: one for one in shelved}
    given = [standing.get(one["key"], one) for one in put]
    keys = {one["key"] for one in put}
    others = [one for one in shelved if one["state"] == "open" or one["key"] in outbox["remotes"]]
    return [*given, *(one for one in others if one["key"] not in keys)]


def _read(path: Any) -> queue.Outbox:
    return dict(files.read_json(path)) if path.exists() else queue.empty()


def _result(outbox: queue.Outbox, *, changed: bool, yours: bool) -> Tuple[Dict[str, Any], str]:
    waiting = len(outbox["queue"])
    found = {key: outbox[key] for key in ("queue", "remotes", "holder")}
    message = f"{waiting} wait to be sent" if waiting else "nothing waits to be sent"
    return {"changed": changed, "failed": False, "message": message, "yours": yours, **found}, message
