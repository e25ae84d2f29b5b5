"""Labels and milestones of a GitHub repository: made when they are missing, never changed when they are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from . import labels, limits
from .api import Api
from .interface import Unsent


class Repository:
    """What is read once a run is remembered for the rest of it."""

    def __init__(self, api: Api, name: str) -> None:
        """Take the repository's name, owner/name."""
        self._api, self.path = api, f"/repos/{name}"
        self._labels: set[str] | None = None
        self._milestones: dict[str, dict[str, Any]] | None = None

    def require_labels(self, names: Iterable[str]) -> None:
        """Create those that the repository has not; names are compared as GitHub does, without case."""
        known = self._labels
        if known is None:
            known = self._labels = {str(each["name"]).lower() for each in self._api.pages(f"{self.path}/labels")}
        for name in [name for name in names if name.lower() not in known]:
            colour, description = labels.look(name)
            content = {"name": name, "color": colour, "description": description}
            try:
                self._api.post(f"{self.path}/labels", content)
            except Unsent as problem:
                if problem.again:
                    self._labels = None  # it may be there by now
                if problem.status != 422 or "already" not in str(problem):
                    raise
            known.add(name.lower())

    def milestone(self, wanted: Mapping[str, Any]) -> int:
        """Return the number of the milestone with the wanted `title`, as it is wanted (`due` is YYYY-MM-DD or None)."""
        if self._milestones is None:
            found = self._api.pages(f"{self.path}/milestones", state="all")
            self._milestones = {str(each["title"]): each for each in found}
        title = limits.title(str(wanted["title"]))
        content = {key: value for key, value in _milestone(wanted).items() if value is not None}
        there = self._milestones.get(title)
        if there is None:
            try:
                there = self._api.post(f"{self.path}/milestones", {"title": title, **content})
            except Unsent as problem:
                if problem.again or problem.status == 422:
                    self._milestones = None  # somebody else may have made it: the next attempt sees it
                raise
            self._milestones[title] = there
            return int(there["number"])
        changed = {key: value for key, value in content.items() if _differs(key, value, there)}
        if changed:
            self._milestones[title] = self._api.patch(f"{self.path}/milestones/{there['number']}", changed)
        return int(there["number"])


def _milestone(wanted: Mapping[str, Any]) -> dict[str, Any]:
    # noon: GitHub keeps the day that it is in California
    due = f"{wanted['due']}T12:00:00Z" if wanted.get("due") else None
    return {"due_on": due, "description": wanted.get("description"), "state": wanted.get("state") or "open"}


def _differs(key: str, value: str, there: Mapping[str, Any]) -> bool:
    kept = there.get(key) or ""
    return bool(value[:10] != kept[:10]) if key == "due_on" else bool(value != kept)
