"""The card of an issue on a Projects v2 board: its column and its fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from . import answers, board_documents, limits
from .api import Api
from .interface import Document, Unsent
from .settings import Settings
from .waiting import rate_limited

STATUS = "Status"
"""The field that every project has, and that makes its columns."""

Field = dict[str, Any]


class Board:
    """The project of the settings; without one nothing happens."""

    def __init__(self, api: Api, settings: Settings) -> None:
        """Look at nothing yet."""
        self._api, self._settings = api, settings
        self._project: tuple[str, dict[str, Field]] | None = None

    def place(self, node: str, document: Document) -> str | None:
        """Put the issue with the id `node` on the board as `document` wants it; return the card's id."""
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
                setting[field["id"]] = None if value is None else _value(field, value)
        self._set(project, item, setting)
        return item

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
        variables = {"project": project, "name": name, "type": _type(value)}
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


def _type(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "NUMBER"
    return "DATE" if _is_date(value) else "TEXT"


def _value(field: Field, value: Any) -> dict[str, Any] | None:
    """Return a field's value as GraphQL wants it; raises `Unsent` for an option that the field has not."""
    kind = field["dataType"]
    if kind == "SINGLE_SELECT":
        return {"singleSelectOptionId": _option(field, str(value))}
    if kind == "NUMBER":
        number = _number(value)
        return None if number is None else {"number": number}
    if kind == "DATE":
        return {"date": str(value)[:10]} if _is_date(str(value)[:10]) else None
    return {"text": limits.line(", ".join(map(str, value)) if isinstance(value, list) else str(value), limits.FIELD)}


def _option(field: Field, wanted: str) -> str:
    """Return the option that is called like this, or has it as one of its words ("🧪 Staging")."""
    options = field.get("options") or []
    exact = [each for each in options if each["name"].lower() == wanted.lower()]
    near = [each for each in options if wanted.lower() in each["name"].lower().split()]
    if not (exact or near):
        known = ", ".join(each["name"] for each in options) or "none"
        raise Unsent(f"the board's field {field['name']} has no option {wanted}; it has {known}", alone=True)
    return str((exact or near)[0]["id"])


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).rstrip(" %"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_date(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value)) if isinstance(value, str) and len(value) == 10 else False
    except ValueError:
        return False
