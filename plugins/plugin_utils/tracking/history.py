"""What was committed between two releases, for the report of an incident."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .. import repository
from ..refusal import Refusal
from . import happened
from .issue import INCIDENT, incident_key, of

_COMMIT = re.compile(r"[0-9a-f]{40}")
_MOST = 200


def changes(arguments: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return run → one line a commit, for each incident that has no report yet; nothing where no checkout is.

    A shallow checkout, or one without those commits, gives nothing either: the report says so.
    """
    operation = arguments["operation"]
    if not operation.get("monorepo"):
        return {}
    git = repository.git_in(operation["monorepo"])
    reported = {one["key"] for one in of(arguments["tracked"]["entries"], INCIDENT)}
    found = {}
    for one in happened.found(arguments["ledger"], operation["component"]):
        old, new = str((one["good"] or {}).get("commit")), str((one["bad"] or {}).get("commit"))
        known = incident_key(one["component"], one["run"]) in reported
        if known or not (_COMMIT.fullmatch(old) and _COMMIT.fullmatch(new)):
            continue
        entry = operation.get("entry") or {}
        paths = [*entry.get("paths", []), *entry.get("context", [])] or ["."]
        try:
            text = git("log", "--format=%h %an: %s", f"-{_MOST}", f"{old}..{new}", "--", *paths)
        except Refusal:
            continue
        found[one["run"]] = text.splitlines()
    return found
