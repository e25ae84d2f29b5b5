"""The outbox as a value: `{schema, next, queue[{seq, key, digest, document}], remotes{key: …}, holder}`.

`put [document]` adds what was neither sent last nor waits last for its key; `done [{seq, key, remote}]` takes out what
arrived and remembers where; `take {run, process, seconds, instead_of}` asks for the sender's lease, if
something waits;
`leave: run` gives it back. `holder` is `{run, process, until}`, `until` in seconds since 1970 of this host.
"""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from .. import canonical
from ..errors import UsageError

Outbox = Dict[str, Any]
WANTED = ("kind", "key", "title", "labels", "body", "state", "due", "comments", "milestone", "board", "links")
"""What of a document is sent."""
MOST = 10000
"""Entries: a tracker that is away for years must not fill the disk."""
_LONGEST_LEASE = 600.0


def checked(put: Any) -> List[Dict[str, Any]]:
    """Return documents that can be put in: mappings with a key."""
    if isinstance(put, list) and all(isinstance(each, dict) and isinstance(each.get("key"), str) for each in put):
        return put
    raise UsageError("what came on stdin is no request to the outbox: put wants a list of documents, each with a key")


def wanted(document: Dict[str, Any]) -> Dict[str, Any]:
    """Return what is sent of a document."""
    comments = [{key: each[key] for key in ("marker", "body")} for each in document.get("comments") or []]
    return {**{key: document.get(key) for key in WANTED}, "comments": comments}


def empty() -> Outbox:
    """Return an outbox to which nothing was ever given."""
    return {"schema": 1, "next": 1, "queue": [], "remotes": {}, "holder": None}


def changed(outbox: Outbox, asked: Dict[str, Any], clock: Callable[[], float] = time.time) -> Tuple[Outbox, bool]:
    """Return the outbox after what was asked, and whether the lease is the asker's."""
    try:
        after = _acknowledged(outbox, asked.get("done") or [])
        after = _filled(after, checked(asked.get("put") or []))
        return _leased(after, asked.get("take"), asked.get("leave"), clock())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"what came on stdin is no request to the outbox ({type(error).__name__}: {error})") from error


def _acknowledged(outbox: Outbox, done: List[Dict[str, Any]]) -> Outbox:
    gone = {int(each["seq"]) for each in done}
    remotes = {**outbox["remotes"], **{str(each["key"]): dict(each["remote"]) for each in done if each.get("remote")}}
    return {**outbox, "queue": [each for each in outbox["queue"] if each["seq"] not in gone], "remotes": remotes}


def _filled(outbox: Outbox, put: List[Dict[str, Any]]) -> Outbox:
    queue, following = list(outbox["queue"]), int(outbox["next"])
    for document in map(wanted, put):
        key, digest = str(document["key"]), canonical.sha256(document)
        waiting = [one["digest"] for one in queue if one["key"] == key]
        if digest == (waiting[-1] if waiting else (outbox["remotes"].get(key) or {}).get("sent")):
            continue
        if len(queue) >= MOST:
            raise UsageError(
                f"{MOST} wait to be sent already: make the tracker reachable, or remove tracker/outbox.json"
            )
        queue.append({"seq": following, "key": key, "digest": digest, "document": document})
        following += 1
    return {**outbox, "queue": queue, "next": following}


def _leased(outbox: Outbox, take: Optional[Dict[str, Any]], leave: Optional[str], now: float) -> Tuple[Outbox, bool]:
    holder = outbox["holder"]
    if holder and (holder["run"] == leave or holder["until"] <= now or holder["until"] > now + _LONGEST_LEASE):
        holder = None
    if not take or not outbox["queue"]:
        return {**outbox, "holder": holder}, False
    if holder and holder["run"] not in (take["run"], take.get("instead_of")):
        return {**outbox, "holder": holder}, False
    until = now + min(_LONGEST_LEASE, float(take["seconds"]))
    mine = {"run": str(take["run"]), "process": str(take.get("process") or ""), "until": until}
    return {**outbox, "holder": mine}, True
