"""Issues and their comments at GitHub: found by their markers, made once, changed only where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import labels, marker
from .api import Api
from .interface import Unsent

_GONE = (404, 410)


class Issues:
    """The issues of one repository. Lists are read once a run; what this run makes is added to them."""

    def __init__(self, api: Api, path: str) -> None:
        """Take the repository's path, /repos/owner/name."""
        self._api, self._path = api, path
        self._listed: dict[str, list[dict[str, Any]]] = {}

    def listed(self, label: str) -> list[dict[str, Any]]:
        """Return all issues with a label, open and closed, the oldest first, without pull requests."""
        if label not in self._listed:
            order = {"state": "all", "sort": "created", "direction": "asc"}
            found = self._api.pages(f"{self._path}/issues", labels=label, **order)
            self._listed[label] = [each for each in found if "pull_request" not in each]
        return self._listed[label]

    def find(self, key: str, number: int | None, label: str) -> dict[str, Any] | None:
        """Return the issue of a key: the one with its number, else the oldest that has its marker and `label`.

        The list is read anew from GitHub, not searched for: its search index runs behind what was just created.
        """
        if number is not None:
            try:
                there = self._api.get(f"{self._path}/issues/{number}")
                return there if isinstance(there, dict) else None
            except Unsent as problem:
                if problem.status not in _GONE or "switched off" in str(problem):
                    raise
        return next((each for each in self.listed(label) if marker.bears(each, marker.issue(key))), None)

    def create(self, label: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """Open an issue that was looked for before."""
        try:
            made: dict[str, Any] = self._api.post(f"{self._path}/issues", content)
        except Unsent:
            self._listed.pop(label, None)
            raise
        self._listed.setdefault(label, []).append(made)
        return made

    def change(self, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Bring title, body, labels, milestone and state in line; return the issue as it is then."""
        given = {
            "title": there.get("title"),
            "body": _plain(there.get("body")),
            "state": there.get("state"),
            "labels": sorted(names_of(there)),
            "milestone": (there.get("milestone") or {}).get("number"),
        }
        merged = (
            {**wanted, "labels": labels.merged(wanted["labels"], names_of(there))} if "labels" in wanted else wanted
        )
        changed = {key: value for key, value in merged.items() if _compared(key, value) != given.get(key, value)}
        if not changed:
            return dict(there)
        if changed.get("state") == "closed":
            changed["state_reason"] = "completed"
        made: dict[str, Any] = self._api.patch(f"{self._path}/issues/{there['number']}", changed)
        return made

    def comment(
        self, number: int, key: str, wanted: Iterable[tuple[str, str]], known: Mapping[str, int]
    ) -> dict[str, int]:
        """Write the wanted comments, (marker, body), or edit those that are there; return their ids by marker."""
        ids = dict(known)
        there = list(self._api.pages(f"{self._path}/issues/{number}/comments"))
        for word, body in wanted:
            line = marker.comment(key, word)
            found = next((each for each in there if marker.bears(each, line)), None)
            content = {"body": f"{line}\n{body}"}
            if found is None:
                found = self._api.post(f"{self._path}/issues/{number}/comments", content)
            elif _plain(found.get("body")) != _plain(content["body"]):
                self._api.patch(f"{self._path}/issues/comments/{found['id']}", content)
            ids[word] = int(found["id"])
        return ids


def names_of(issue: Mapping[str, Any]) -> list[str]:
    """Return the names of an issue's labels."""
    return [str(each["name"] if isinstance(each, Mapping) else each) for each in issue.get("labels") or []]


def _compared(key: str, value: Any) -> Any:
    if key == "labels":
        return sorted(value)
    return _plain(value) if key == "body" else value


def _plain(body: Any) -> str:
    return str(body or "").replace("\r\n", "\n").strip()
