"""GitHub as a tracker: one document becomes one issue, with labels, milestone, comments and a card on the board."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import limits, marker
from .api import Api
from .board import Board
from .github_issues import Issues, names_of
from .harmless import harmless
from .interface import Document, Remote, Unsent
from .repository import Repository
from .settings import Settings

_ATTEMPTS = 3
_SETTLE_SECONDS = 2.0
"""Before it is looked whether something arrived after all: GitHub's lists run behind by up to this."""


class GitHub:
    """A `Tracker`. Every step looks first and then does what is missing, so each can be repeated."""

    def __init__(self, api: Api, settings: Settings) -> None:
        """Take the API with its token; nothing is sent yet."""
        self._api, self._settings = api, settings
        self._repository = Repository(api, settings.repository)
        self._issues = Issues(api, self._repository.path)
        self._board = Board(api, settings)

    def notice(self) -> str:
        """See `Tracker.notice`."""
        return self._api.notice()

    def put(self, document: Document, known: Remote, numbers: Mapping[str, int]) -> Remote:
        """See `Tracker.put`: tried again when an answer got lost, having looked what arrived."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._put(document, known, numbers)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise Unsent(
                    f"GitHub's answer is not understood ({type(error).__name__}: {error})", alone=True
                ) from error
            except Unsent as problem:
                if not problem.again or attempt == _ATTEMPTS:
                    raise
                self._api.pause(_SETTLE_SECONDS * attempt)
        raise AssertionError("not reached")

    def read(self, component: str, labels: Sequence[str]) -> list[dict[str, Any]]:
        """See `Tracker.read`."""
        return [
            {
                "key": marker.key_of(each),
                "number": each["number"],
                "url": each["html_url"],
                "title": each["title"],
                "state": each["state"],
                "labels": names_of(each),
                "by": (each.get("user") or {}).get("login"),
            }
            for each in self._issues.listed(f"component:{component}")
            if _has(names_of(each), labels)
        ]

    def _put(self, document: Document, known: Remote, numbers: Mapping[str, int]) -> Remote:
        names, key = list(document["labels"]), document["key"]
        self._repository.require_labels(names)
        content: dict[str, Any] = {
            "title": limits.title(document["title"]),
            "body": _body(document, numbers),
            "labels": names,
        }
        if document.get("milestone"):
            content["milestone"] = self._repository.milestone(document["milestone"])
        number = self._pinned(document) or known.get("number")
        there = self._issues.find(key, number, names[0])
        if there is None:
            there = self._issues.create(names[0], content)
        elif self._pinned(document):
            content = {}  # a person's issue: it gets its comments and nothing else
        remote = {"number": int(there["number"]), "url": there["html_url"], "node": there["node_id"]}
        comments = [(each["marker"], _comment(document, each)) for each in document.get("comments") or []]
        ids: dict[str, int] = known.get("comments") or {}
        if comments:
            ids = self._issues.comment(remote["number"], key, comments, ids)
        if content:
            self._issues.change(there, {**content, "state": document.get("state") or "open"})
        item = known.get("item")
        if document.get("board") and self._settings.project is not None:
            others = self._other_requests(document, names[0], remote["number"])
            if not any(each["number"] > remote["number"] for each in others):
                item = self._board.place(remote["node"], document, [each["node_id"] for each in others])
        return {**remote, "item": item, "comments": ids}

    def _other_requests(self, document: Document, label: str, own: int) -> list[dict[str, Any]]:
        """Return the other promotion requests of a component: the latest of them has its card."""
        if document["kind"] != "promotion":
            return []
        family = "/".join(document["key"].split("/")[:2]) + "/"
        issues = self._issues.listed(label)
        return [each for each in issues if each["number"] != own and (marker.key_of(each) or "").startswith(family)]

    def _pinned(self, document: Document) -> int | None:
        return self._settings.status_issue if document["kind"] == "status" else None


def _has(names: Sequence[str], wanted: Sequence[str]) -> bool:
    """Say whether one of the labels is among the wanted ones; `blocker:*` stands for a family."""
    return any(name == each or (each.endswith("*") and name.startswith(each[:-1])) for name in names for each in wanted)


def _body(document: Document, numbers: Mapping[str, int]) -> str:
    related = [f"#{numbers[key]}" for key in document.get("links") or [] if key in numbers]
    ending = f"\n\nRelated: {', '.join(related)}" if related else ""
    beginning = f"{marker.issue(document['key'])}\n"
    room = limits.BODY - len(beginning) - len(ending)
    return beginning + limits.body(harmless(document["body"]), room) + ending


def _comment(document: Document, comment: Mapping[str, str]) -> str:
    room = limits.BODY - len(marker.comment(document["key"], comment["marker"])) - 1
    return limits.body(harmless(comment["body"]), room)
