"""Where to: the catalogue's `monorepo.tracker`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..refusal import Refusal
from ..shapes import complete

BACKENDS = ("local", "github")
DEFAULTS: dict[str, Any] = {
    "backend": "local",
    "repository": "",
    "project": None,
    "project_owner": "",
    "token_env": "GITHUB_TOKEN",
    "labels": [],
    "status_issue": None,
    "api": "https://api.github.com",
}
_REPOSITORY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}")
_OWNER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_API = re.compile(
    r"https://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._/-]*)?|http://(127\.0\.0\.1|localhost)(:\d+)?(/[A-Za-z0-9._/-]*)?"
)
_LABEL_CHARACTERS = 50


@dataclass(frozen=True)
class Settings:
    """`project` is a Projects v2 number (None: no board) of `project_owner`, which is the repository's unless given."""

    backend: str
    repository: str
    project: int | None
    project_owner: str
    token_env: str
    labels: tuple[str, ...]
    status_issue: int | None
    api: str

    @property
    def owner(self) -> str:
        """Whose project it is."""
        return self.project_owner or self.repository.partition("/")[0]


def checked(raw: Any, where: str) -> dict[str, Any]:
    """Return the complete mapping; raises `Refusal` that names the key. Nothing in it is secret."""
    filled = complete(raw or {}, DEFAULTS, where)
    if filled["backend"] not in BACKENDS:
        raise Refusal(f"{where}.backend is {filled['backend']!r}", f"one of {', '.join(BACKENDS)}")
    if filled["backend"] == "github" and not filled["repository"]:
        raise Refusal(f"{where}.repository is missing", "owner/name of the GitHub repository")
    _fits(filled, "repository", _REPOSITORY, "owner/name of the GitHub repository", where)
    _fits(filled, "project_owner", _OWNER, "the user or organisation that has the project", where)
    _fits(
        filled, "token_env", _VARIABLE, "the name of the environment variable that has the token, not the token", where
    )
    _fits(filled, "api", _API, "an https address, such as https://github.example.org/api/v3", where)
    for key in ("project", "status_issue"):
        number = filled[key]
        if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
            raise Refusal(f"{where}.{key} is {number!r}", "a number from 1 on")
    for label in filled["labels"]:
        if not isinstance(label, str) or not label.strip() or len(label) > _LABEL_CHARACTERS or "," in label:
            raise Refusal(
                f"{where}.labels has {label!r}", f"names of at most {_LABEL_CHARACTERS} characters without commas"
            )
    return filled


def settings_of(operation_settings: Any) -> Settings:
    """Return the tracker of an operation's `settings` (the catalogue's `monorepo`)."""
    filled = checked((operation_settings or {}).get("tracker"), "monorepo.tracker")
    return Settings(**{**filled, "labels": tuple(filled["labels"]), "api": filled["api"].rstrip("/")})


def _fits(filled: dict[str, Any], key: str, form: re.Pattern[str], wanted: str, where: str) -> None:
    if filled[key] and not form.fullmatch(filled[key]):
        # what stands in place of a variable's name may be a token by mistake: it is not shown
        found = "not a name" if key == "token_env" else repr(filled[key])
        raise Refusal(f"{where}.{key} is {found}", wanted)
