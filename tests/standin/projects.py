"""The stand-in's board: one project of Projects v2, answered by the name of the operation."""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(r"(\w+): (update|clear)ProjectV2ItemFieldValue\(.*?fieldId: \$(\w+)(?:, value: \$(\w+))?")


def options(*names: str) -> list[dict[str, str]]:
    return [{"id": f"O_{name}", "name": name} for name in names]


class Projects:
    def __init__(self, owner: str = "octo", number: int = 5) -> None:
        self.owner, self.number = owner, number
        self.fields: list[dict[str, Any]] = [
            _field(0, "Title", "TITLE"),
            {
                **_field(1, "Status", "SINGLE_SELECT"),
                "__typename": "ProjectV2SingleSelectField",
                "options": options("🔧 Development", "🧪 Staging", "🚀 Production"),
            },
        ]
        self.items: dict[str, str] = {}
        self.values: dict[str, dict[str, Any]] = {}
        self.archived: set[str] = set()

    def answer(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        operation = re.search(r"(?:query|mutation) (\w+)", document)
        name = operation[1] if operation else ""
        if name == "Project":
            return {"repositoryOwner": self._project(variables)}
        if name == "AddItem":
            item = self.items.setdefault(variables["content"], f"PVTI_{len(self.items) + 1}")
            return {"addProjectV2ItemById": {"item": {"id": item}}}
        if name == "CreateField":
            field = _field(len(self.fields), variables["name"], variables["type"])
            self.fields.append(field)
            return {"createProjectV2Field": {"projectV2Field": field}}
        if name == "Cards":
            return {"nodes": [self._cards(each) for each in variables["issues"]]}
        if name == "Archive":
            archived = [value for key, value in variables.items() if key.startswith("i")]
            self.archived |= set(archived)
            return {f"a{at}": {"item": {"id": each}} for at, each in enumerate(archived)}
        if name == "SetFields":
            return self._set(document, variables)
        raise AssertionError(f"the stand-in does not know {document}")

    def card(self, node: str) -> dict[str, Any]:
        """What a person sees on the card of an issue: field name to value."""
        names = {each["id"]: each for each in self.fields}
        return {names[key]["name"]: _shown(names[key], value) for key, value in self.values[self.items[node]].items()}

    def _cards(self, node: str) -> dict[str, Any]:
        item = self.items.get(node)
        there = [{"id": item, "project": {"id": "PVT_1"}}] if item and item not in self.archived else []
        return {"__typename": "Issue", "projectItems": {"nodes": there}}

    def _project(self, variables: dict[str, Any]) -> dict[str, Any]:
        here = (variables["owner"], variables["number"]) == (self.owner, self.number)
        project = {"id": "PVT_1", "closed": False, "fields": {"nodes": self.fields}}
        return {"__typename": "Organization", "projectV2": project if here else None}

    def _set(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        item = variables["item"]
        values = self.values.setdefault(item, {})
        done = {}
        for alias, _, field, value in _STEP.findall(document):
            if value:
                values[variables[field]] = variables[value]
            else:
                values.pop(variables[field], None)
            done[alias] = {"projectV2Item": {"id": item}}
        return done


def _field(number: int, name: str, kind: str) -> dict[str, Any]:
    return {"__typename": "ProjectV2Field", "id": f"PVTF_{number}", "name": name, "dataType": kind}


def _shown(field: dict[str, Any], value: dict[str, Any]) -> Any:
    (given,) = value.values()
    return next((each["name"] for each in field.get("options", []) if each["id"] == given), given)
