"""The ledgers: is every line what it was, and is each as long as the others, and the requests, remember it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...module_utils.host import ledger
from ..anchors import Missing, missing
from . import book


@dataclass(frozen=True)
class Promise:
    """What a ledger says of a run's evidence."""

    environment: str
    component: str
    run: str
    root: str


def check(books: Mapping[str, bytes], requests: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return a sentence for everything that does not fit.

    `books` are the bytes of the ledgers by environment, `requests` the anchors in promotion requests by their names.
    """
    sentences = []
    for name, data in sorted(books.items()):
        found = book.damage(data)
        if found:
            sentences.append(f"the ledger of {name}, byte {found.byte}, line {found.line}: {found.what}")
    return [*sentences, *map(str, _short(books, requests))]


def promises(books: Mapping[str, bytes]) -> dict[str, Promise]:
    """Return, by run, the evidence that promotions in the ledgers rest on."""
    found = {}
    for name, data in books.items():
        for entry in ledger.parse(data).entries:
            root = (entry["data"] or {}).get("evidence_root")
            if entry["event"] == "promoted" and root and entry["run"]:
                found[str(entry["run"])] = Promise(name, str(entry["component"]), str(entry["run"]), str(root))
    return found


def length(books: Mapping[str, bytes]) -> int:
    """Return how many entries the ledgers have in all."""
    return sum(len(ledger.parse(data).entries) for data in books.values())


def _short(books: Mapping[str, bytes], requests: Mapping[str, Mapping[str, Any]]) -> list[Missing]:
    # A ledger that is damaged in the middle is not short: its damage is named already.
    whole = {name: ledger.parse(data) for name, data in books.items()}
    entries = {name: reading.entries for name, reading in whole.items() if reading.problem is None}
    return missing(entries, {f"the request {name}": anchors for name, anchors in requests.items()})
