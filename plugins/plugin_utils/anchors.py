"""Anchors: what the ledger of one environment remembers of another's, so that a tail that was removed is missed.

An anchor is the head of a ledger, `{seq, hash}` of its last entry, in `data.anchors` of an entry in another ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entries = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Missing:
    """A ledger that is not what another one remembers; `seq` is the entry that was remembered, `ends` its last one."""

    environment: str
    seq: int
    ends: int
    witness: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.ends < self.seq:
            lost = (
                f"entry {self.ends + 1} is"
                if self.seq == self.ends + 1
                else f"entries {self.ends + 1} to {self.seq} are"
            )
            return f"the ledger of {self.environment} is too short: {lost} missing, which {self.witness} remembers"
        other = f"its entry {self.seq} is not what {self.witness} remembers"
        return f"the ledger of {self.environment} is another one: {other}"


def heads(entries: Mapping[str, Entries]) -> dict[str, dict[str, Any]]:
    """Return the head of every ledger that has entries, by environment."""
    return {name: {"seq": own[-1]["seq"], "hash": own[-1].get("hash")} for name, own in entries.items() if own}


def missing(entries: Mapping[str, Entries], others: Mapping[str, Mapping[str, Any]] | None = None) -> list[Missing]:
    """Return what is remembered of the ledgers and not found in them, the most of each; `entries` are those to be read.

    The ledgers remember each other; `others` maps further witnesses to the heads that they remember.
    """
    remembered = [
        (f"entry {entry['seq']} of the ledger of {keeper}", anchors_in(entry))
        for keeper, own in sorted(entries.items())
        for entry in own
    ]
    remembered += [(witness, _heads_in(heads)) for witness, heads in (others or {}).items()]
    found: dict[str, Missing] = {}
    for witness, anchors in remembered:
        for name, head in anchors.items():
            before = found[name].seq if name in found else 0
            if name in entries and not _holds(entries[name], head) and int(head["seq"]) > before:
                found[name] = Missing(name, int(head["seq"]), len(entries[name]), witness)
    return list(found.values())


def anchors_in(entry: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the heads that an entry remembers, by environment."""
    return _heads_in((entry.get("data") or {}).get("anchors") or {})


def _heads_in(anchors: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    known = anchors.items() if isinstance(anchors, Mapping) else ()
    return {str(name): head for name, head in known if isinstance(head, Mapping) and isinstance(head.get("seq"), int)}


def _holds(entries: Entries, head: Mapping[str, Any]) -> bool:
    seq = int(head["seq"])
    return 0 < seq <= len(entries) and entries[seq - 1].get("hash") == head.get("hash")
