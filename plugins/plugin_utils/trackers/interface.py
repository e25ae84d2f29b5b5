"""What a tracker is: it brings one issue into the state that a document wants, however often it is told.

A document (schema 1) is the wanted state of one issue: `kind key component environment title labels body state due
comments[{marker, body}] milestone{title, due, description, state} board{column, fields} links`. Dates are YYYY-MM-DD.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..refusal import Refusal

KINDS = ("promotion", "blocker", "incident", "retrospective", "status")
KEY = re.compile(r"[a-z][A-Za-z0-9._/-]{2,199}")
MARKER = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")

Document = Mapping[str, Any]
Remote = dict[str, Any]
"""What is known of an issue at the tracker: `number url node item comments{marker: id} sent` (a digest)."""


class Tracker(Protocol):
    """Somewhere else than beside the ledger."""

    def put(self, document: Document, known: Remote, numbers: Mapping[str, int]) -> Remote:
        """Bring the issue into the state that `document` wants; raises `Unsent`. Twice is once.

        `known` is what an earlier call returned for this key, or {}; `numbers` are those of other issues, by key.
        """

    def read(self, component: str, labels: Sequence[str]) -> list[dict[str, Any]]:
        """Return a component's issues that have one of `labels`: `key number url title state labels by`."""

    def notice(self) -> str:
        """Return a sentence about what will keep it from working soon, or nothing."""


class Unsent(Exception):
    """Something could not be sent: one sentence, and whether other issues can be tried (`alone`) or nothing can.

    `again`: it may have arrived or may arrive at once, so that looking again in a moment is worth it.
    """

    status = 0
    """Of the HTTP answer that it is about; 0 when there was none."""

    def __init__(self, sentence: str, *, alone: bool = False, again: bool = False) -> None:
        """Take the sentence: what was found, what is wanted, what to do next."""
        super().__init__(sentence)
        self.alone, self.again = alone, again


def checked(document: Any) -> Document:
    """Return a document that can be sent; raises `Refusal`."""
    if not isinstance(document, Mapping) or document.get("kind") not in KINDS:
        raise Refusal(f"an issue of the kind {_of(document, 'kind')}", f"one of {', '.join(KINDS)}")
    if not isinstance(document.get("key"), str) or not KEY.fullmatch(document["key"]):
        raise Refusal(f"an issue with the key {_of(document, 'key')}", "kind/component/…, letters, digits and . _ / -")
    for key, form in (("title", str), ("body", str), ("labels", list)):
        if not document.get(key) or not isinstance(document[key], form):
            raise Refusal(f"the issue {document['key']} has no {key}", "title, body and at least one label")
    if document.get("state", "open") not in ("open", "closed"):
        raise Refusal(f"the issue {document['key']} is {_of(document, 'state')}", "open or closed")
    for comment in document.get("comments") or []:
        if not MARKER.fullmatch(str(comment.get("marker"))) or not str(comment.get("body") or "").strip():
            raise Refusal(f"a comment of {document['key']} has no marker or no body", "a short word, and text")
    return document


def _of(document: Any, key: str) -> str:
    return repr(document.get(key) if isinstance(document, Mapping) else document)[:80]
