"""What the stand-in remembers, and what it does with it; `Refused` is the answer that GitHub would give instead."""

from __future__ import annotations

from typing import Any

from . import shapes

LONGEST_BODY, LONGEST_TITLE, LONGEST_DESCRIPTION = 65536, 256, 100


class Refused(Exception):
    def __init__(self, status: int, message: str, **error: Any) -> None:
        super().__init__(message)
        self.status = status
        self.value = {"message": message, "documentation_url": "https://docs.github.com/rest"}
        if error:
            self.value["errors"] = [error]


def invalid(resource: str, field: str, code: str, **more: Any) -> Refused:
    return Refused(422, "Validation Failed", resource=resource, field=field, code=code, **more)


class Store:
    def __init__(self, repository: str = "octo/tta", login: str = "promoter") -> None:
        self.repository, self.login = repository, login
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, tuple[int, dict[str, Any]]] = {}
        self.labels: dict[str, dict[str, Any]] = {}
        self.milestones: dict[int, dict[str, Any]] = {}

    def list_issues(self, labels: str = "", state: str = "open", direction: str = "desc", **_: str) -> list[Any]:
        wanted = {name.lower() for name in labels.split(",") if name}
        found = [
            each
            for each in self.issues.values()
            if wanted <= {one["name"].lower() for one in each["labels"]} and state in ("all", each["state"])
        ]
        return sorted(found, key=lambda each: each["number"], reverse=direction == "desc")

    def open(self, content: dict[str, Any], by: str | None = None, association: str = "MEMBER") -> dict[str, Any]:
        if not isinstance(content.get("title"), str):
            raise invalid("Issue", "title", "missing_field")
        number = len(self.issues) + 1
        made = shapes.issue(self.repository, number, by or self.login, association)
        self._change(made, content)
        self.issues[number] = made
        return made

    def change(self, number: int, content: dict[str, Any]) -> dict[str, Any]:
        issue = self.issue(number)
        self._change(issue, content)
        return issue

    def issue(self, number: int) -> dict[str, Any]:
        if number not in self.issues:
            raise Refused(404, "Not Found")
        return self.issues[number]

    def comments_of(self, number: int) -> list[dict[str, Any]]:
        self.issue(number)
        return [each for of, each in self.comments.values() if of == number]

    def comment(
        self, number: int, content: dict[str, Any], by: str | None = None, association: str = "MEMBER"
    ) -> dict[str, Any]:
        issue = self.issue(number)
        _fits("IssueComment", content)
        own = 5000 + len(self.comments)
        made = shapes.comment(self.repository, number, own, by or self.login, association, content["body"])
        self.comments[own] = number, made
        issue["comments"] += 1
        return made

    def change_comment(self, number: int, content: dict[str, Any]) -> dict[str, Any]:
        if number not in self.comments:
            raise Refused(404, "Not Found")
        _fits("IssueComment", content)
        self.comments[number][1]["body"] = content["body"]
        return self.comments[number][1]

    def label(self, content: dict[str, Any]) -> dict[str, Any]:
        name = content.get("name") or ""
        if not name or len(name) > 50:
            raise invalid("Label", "name", "invalid")
        if name.lower() in self.labels:
            raise invalid("Label", "name", "already_exists")
        if len(content.get("description") or "") > LONGEST_DESCRIPTION:
            raise invalid("Label", "description", "invalid")
        colour = content.get("color") or "ededed"
        made = shapes.label(self.repository, len(self.labels) + 1, name, colour, content.get("description"))
        self.labels[name.lower()] = made
        return made

    def milestone(self, content: dict[str, Any]) -> dict[str, Any]:
        if any(each["title"] == content["title"] for each in self.milestones.values()):
            raise invalid("Milestone", "title", "already_exists")
        number = len(self.milestones) + 1
        self.milestones[number] = shapes.milestone(self.repository, number, content, self.login)
        return self.milestones[number]

    def change_milestone(self, number: int, content: dict[str, Any]) -> dict[str, Any]:
        self.milestones[number].update(content)
        return self.milestones[number]

    def _change(self, issue: dict[str, Any], content: dict[str, Any]) -> None:
        _fits("Issue", content)
        if "labels" in content:
            for name in content["labels"]:
                if name.lower() not in self.labels:
                    self.label({"name": name})
            issue["labels"] = [self.labels[name.lower()] for name in dict.fromkeys(content["labels"])]
        if content.get("milestone") is not None:
            if content["milestone"] not in self.milestones:
                raise invalid("Issue", "milestone", "invalid")
            issue["milestone"] = self.milestones[content["milestone"]]
        issue.update({key: content[key] for key in ("title", "body", "state", "state_reason") if key in content})
        issue["closed_at"] = shapes.AT if issue["state"] == "closed" else None


def _fits(resource: str, content: dict[str, Any]) -> None:
    if len(content.get("body") or "") > LONGEST_BODY:
        raise invalid(resource, "body", "custom", message="body is too long (maximum is 65536 characters)")
    if len(content.get("title") or "") > LONGEST_TITLE:
        raise invalid(resource, "title", "custom", message="title is too long (maximum is 256 characters)")
