"""Artifacts that were taken back: barred until they are judged anew, by what the ledger says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Entry = Mapping[str, Any]


def by(entries: Iterable[Entry], component: str, tree: str) -> Entry | None:
    """Return the entry by which exactly this artifact was taken back, or None: never, or promoted since.

    `entries` are those of one environment's ledger, in their order.
    """
    found: Entry | None = None
    own = [entry for entry in entries if entry["component"] == component]
    for entry, taken in _with_what_they_took(own):
        if taken == tree:
            found = entry
        elif entry["event"] == "promoted" and _tree(entry) == tree:
            found = None
    return found


def since(entries: Iterable[Entry], component: str, tree: str) -> str:
    """Return when exactly this artifact was last taken back, in any environment; empty when it never was.

    What was judged before that does not count any more.
    """
    own = [entry for entry in entries if entry["component"] == component]
    books = {str(entry["environment"]) for entry in own}
    times = [
        str(entry["at"])
        for book in books
        for entry, taken in _with_what_they_took([one for one in own if one["environment"] == book])
        if taken == tree
    ]
    return max(times, default="")


def earned(entries: Iterable[Entry], component: str, tree: str) -> Entry | None:
    """Return the latest promotion of exactly this artifact that still stands, or None.

    It stands until the artifact is taken back or the component is demoted.
    """
    found: Entry | None = None
    own = [entry for entry in entries if entry["component"] == component]
    for entry, taken in _with_what_they_took(own):
        if entry["event"] == "promoted" and _tree(entry) == tree:
            found = entry
        elif taken == tree or entry["event"] == "demoted":
            found = None
    return found


def _with_what_they_took(own: Iterable[Entry]) -> Iterator[tuple[Entry, str]]:
    """Yield each entry with the tree hash of the artifact that it took back, empty where it took none.

    `returned` names the release that went; what it was is in the entry itself (`data.gone`), in those written before
    that was so in the entry of its deployment. A return between two releases of one artifact takes nothing back; nor
    does anything in a rehearsal, which says nothing about the artifact that leaves.
    """
    releases: dict[Any, str] = {}
    for entry in own:
        data = entry.get("data") or {}
        taken = ""
        if is_rehearsal(entry):
            yield entry, taken
            continue
        if entry["event"] == "deployed":
            releases[entry["release"]] = _tree(entry)
        elif entry["event"] == "returned":
            gone = str((data.get("gone") or {}).get("tree") or releases.get(data.get("from"), ""))
            taken = gone if gone != _tree(entry) else ""
        elif entry["event"] == "removed":
            taken = _tree(entry)
        yield entry, taken


def is_rehearsal(entry: Entry) -> bool:
    """Say whether an entry is of a rehearsal of the way back."""
    return bool((entry.get("data") or {}).get("rehearsal"))


def _tree(entry: Entry) -> str:
    return str((entry.get("artifact") or {}).get("tree") or "")
