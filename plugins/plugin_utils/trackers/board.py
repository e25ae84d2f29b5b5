"""The card of an issue on a Projects v2 board: its column and its fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import answers, board_documents, limits
from .api import Api
from .board_values import Field, type_of, value_of
from .interface import Document, Unsent
from .settings import Settings
from .waiting import rate_limited

STATUS = "Status"
"""The field that every project has, and that makes its columns."""

_MOST_OLD = 100
"""Nodes that GraphQL takes in one question."""


class Board:
    """The project of the settings; without one nothing happens."""

    def __init__(self, api: Api, settings: Settings) -> None:
        """Look at nothing yet."""
        self._api, self._settings = api, settings
        self._project: tuple[str, dict[str, Field]] | None = None

    def place(self, node: str, document: Document, instead_of: Sequence[str] = ()) -> str | None:
        """Put the issue with the id `node` on the board as `document` wants it; return the card's id.

        The cards of the issues `instead_of` are archived: a component has one card.
        """
        if self._settings.project is None:
            return None
        project, fields = self._found()
        wanted = dict(document["board"].get("fields") or {})
        if document["board"].get("column"):
            wanted[STATUS] = document["board"]["column"]
        added = self._ask(board_documents.ADD_ITEM, {"project": project, "content": node}, safe=True)
        item = str(added["addProjectV2ItemById"]["item"]["id"])
        setting = {}
        for name, value in wanted.items():
            field = fields.get(name.lower()) or (None if value is None else self._create(project, fields, name, value))
            if field is not None:
                setting[field["id"]] = None if value is None else value_of(field, value)
        self._set(project, item, setting)
        self._archive(project, instead_of)
        return item

    def _archive(self, project: str, issues: Sequence[str]) -> None:
        if not issues:
            return
        found = self._ask(board_documents.CARDS, {"issues": list(issues)[:_MOST_OLD]}, safe=True)["nodes"]
        nodes = [card for issue in found if issue for card in issue["projectItems"]["nodes"] if card]
        cards = [card["id"] for card in nodes if card["project"]["id"] == project]
        if cards:
            variables = {"project": project, **{f"i{at}": card for at, card in enumerate(cards)}}
            self._ask(board_documents.archive(len(cards)), variables, safe=True)

    def _set(self, project: str, item: str, setting: Mapping[str, Any]) -> None:
        values = {key: value for key, value in setting.items() if value is not None}
        cleared = [key for key, value in setting.items() if value is None]
        if not setting:
            return
        variables: dict[str, Any] = {"project": project, "item": item}
        for at, (key, value) in enumerate(values.items()):
            variables |= {f"f{at}": key, f"v{at}": value}
        variables |= {f"c{at}": key for at, key in enumerate(cleared)}
        self._ask(board_documents.set_fields(len(values), len(cleared)), variables, safe=True)

    def _found(self) -> tuple[str, dict[str, Field]]:
        if self._project is None:
            variables = {"owner": self._settings.owner, "number": self._settings.project}
            owner = self._ask(board_documents.PROJECT, variables, safe=True).get("repositoryOwner") or {}
            project = owner.get("projectV2")
            if not project or project["closed"]:
                state = "closed" if project else "not there for this token"
                raise answers.insufficient(self._settings, f"it is {state}")
            nodes = [each for each in project["fields"]["nodes"] if each and each.get("name")]
            self._project = str(project["id"]), {str(each["name"]).lower(): each for each in nodes}
        return self._project

    def _create(self, project: str, fields: dict[str, Field], name: str, value: Any) -> Field:
        """Make a field that the board has not: a number, a date or a text, as its first value is."""
        variables = {"project": project, "name": name, "type": type_of(value)}
        try:
            made = self._ask(board_documents.CREATE_FIELD, variables, safe=False)
        except Unsent as problem:
            if problem.again:
                self._project = None  # it may be there by now
            raise
        field: Field = made["createProjectV2Field"]["projectV2Field"]
        fields[name.lower()] = field
        return field

    def _ask(self, document: str, variables: Mapping[str, Any], *, safe: bool) -> dict[str, Any]:
        answer = self._api.graphql(document, variables, safe=safe)
        errors = [each for each in (answer.value or {}).get("errors") or [] if isinstance(each, Mapping)]
        data = (answer.value or {}).get("data")
        if not errors and isinstance(data, dict):
            return data
        said = limits.line("; ".join(str(each.get("message")) for each in errors) or "no data", 300)
        kinds = {str(each.get("type")) for each in errors}
        if kinds & {"INSUFFICIENT_SCOPES", "FORBIDDEN", "NOT_FOUND"}:
            raise answers.insufficient(self._settings, said)
        if "RATE_LIMITED" in kinds or rate_limited(403, answer.headers, {"message": said}) is not None:
            raise Unsent(f"GitHub's rate limit for projects is used up ({said}); what waits is sent by the next run")
        raise Unsent(f"GitHub could not change the board ({said})", alone=True, again=not errors)
