"""Since when exactly one artifact has been in an environment without a break, by the ledger's entries. Pure."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional

Entry = Dict[str, Any]
_SERVES = ("deployed", "returned")


def tree_of(entry: Entry) -> str:
    """Return the tree hash of an entry's artifact, empty where it has none."""
    return str((entry.get("artifact") or {}).get("tree") or "")


def is_passing(entry: Entry) -> bool:
    """Say whether an entry changed nothing that stays: a rehearsal's, or of a release that never served anybody."""
    data = entry.get("data") or {}
    return bool(data.get("rehearsal")) or (entry.get("event") == "returned" and bool(data.get("rejected")))


def own(entries: Iterable[Entry], component: str) -> List[Entry]:
    """Return the entries of a component, oldest first."""
    return sorted((one for one in entries if one.get("component") == component), key=lambda one: int(one["seq"]))


def present(entries: Iterable[Entry]) -> Optional[Entry]:
    """Return the entry with which the artifact that serves now began to, None when nothing serves.

    Deployed or promoted again meanwhile it stays the same; another artifact, a removal or a demotion ends its stay.
    """
    since: Optional[Entry] = None
    for entry in entries:
        if is_passing(entry):
            continue
        if entry["event"] in ("removed", "demoted"):
            since = None
        elif (entry["event"] in _SERVES and (since is None or tree_of(entry) != tree_of(since))) or (
            entry["event"] == "promoted" and (since is None or tree_of(entry) != tree_of(since))
        ):
            since = entry
    return since


def promoted(entries: Iterable[Entry], since: Entry) -> Optional[Entry]:
    """Return the first promotion of a stay's artifact since it began."""
    return next(
        (
            one
            for one in entries
            if int(one["seq"]) >= int(since["seq"]) and one["event"] == "promoted" and tree_of(one) == tree_of(since)
        ),
        None,
    )


def marked(entries: Iterable[Entry]) -> List[Dict[str, Any]]:
    """Return what happened to a component, for those who look at its week: `[{at, event, release, rehearsal}]`."""
    told = ("deployed", "returned", "removed", "promoted", "demoted", "incident", "rehearsed")
    return [
        {
            "at": one["at"],
            "event": one["event"],
            "release": one.get("release"),
            "rehearsal": bool((one.get("data") or {}).get("rehearsal")),
            "rejected": bool((one.get("data") or {}).get("rejected")),
        }
        for one in entries
        if one["event"] in told
    ]
