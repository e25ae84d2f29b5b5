"""The issues of one environment, a file each, numbered from 1. An issue is told by its key: the same again is the same.

An issue that comes is a wanted state: ``{kind, key, component, title, labels, body, state, due, comments: [{marker,
body}], milestone, board, links: [keys], fields, files: {path: text}, at}``. Written twice, it changes nothing.
``files`` are further files of the environment (below ``requests/``), written before the issue that tells of them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List, Optional

from .. import canonical, files, times
from ..errors import UsageError
from ..lock import Lock
from . import page

STATES = ("open", "closed")
MOST_BYTES = 4 << 20
_KEY = re.compile(r"[a-z][A-Za-z0-9._/-]{2,199}")
_FILE = re.compile(r"requests/[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(json|md)")
_GIVEN = (
    *("kind", "key", "component", "title", "labels", "body", "state", "due"),
    *("milestone", "board", "links", "fields"),
)


class Shelf:
    """The folder ``issues`` of an environment."""

    def __init__(self, base: Path) -> None:
        """Take the folder of the environment, which need not exist yet."""
        self.base = base
        self.folder = base / "issues"

    def read(self) -> List[Dict[str, Any]]:
        """Return all issues by number; a damaged file is named."""
        found = self.folder.glob("[0-9]*.json") if self.folder.is_dir() else ()
        return [files.read_json(path) for path in sorted(found)]

    def put(self, wanted: List[Any]) -> List[Dict[str, Any]]:
        """Bring the issues to what is wanted; return ``{key, number, state, changed}`` of each."""
        for one in wanted:
            _check(one)
        files.make_folder(self.folder)
        with Lock(self.folder / ".lock", {"component": "what is tracked", "brief": True, "since": times.now()}):
            known = {one["key"]: one for one in self.read()}
            done = []
            for one in wanted:
                before = known.get(one["key"])
                number = before["number"] if before else 1 + max((each["number"] for each in known.values()), default=0)
                after = _merged(one, before, number)
                self._further(one.get("files") or {})
                if after != before:
                    files.write(self._path(number, "json"), _text(after))
                known[one["key"]] = after
                done.append({"key": one["key"], "number": number, "state": after["state"], "changed": after != before})
            self._pages(known)
        return done

    def _further(self, texts: Dict[str, str]) -> None:
        for name, text in texts.items():
            path = self.base / name
            files.make_folder(path.parent)
            _write(path, text.encode())

    def _pages(self, known: Dict[str, Dict[str, Any]]) -> None:
        """Bring the pages in line with the files: also those that a killed run left behind."""
        titles = {key: (one["number"], one["title"]) for key, one in known.items()}
        for one in known.values():
            _write(self._path(one["number"], "md"), page.markdown(one, titles).encode())

    def _path(self, number: int, ending: str) -> Path:
        return self.folder / f"{number:04d}.{ending}"


def _merged(wanted: Dict[str, Any], before: Optional[Dict[str, Any]], number: int) -> Dict[str, Any]:
    at = wanted.get("at") or times.now()
    after: Dict[str, Any] = {"schema": 1, "number": number, **{key: wanted.get(key) for key in _GIVEN}}
    comments = list((before or {}).get("comments") or [])
    for given in wanted.get("comments") or []:
        place = next((index for index, one in enumerate(comments) if one["marker"] == given["marker"]), None)
        kept = comments[place] if place is not None else {"at": at}
        said = {"marker": given["marker"], "body": given["body"], "at": kept["at"]}
        comments = [*comments, said] if place is None else [*comments[:place], said, *comments[place + 1 :]]
    after.update(comments=comments, opened=(before or {}).get("opened") or at)
    closed = wanted["state"] == "closed"
    after["closed"] = ((before or {}).get("closed") or at) if closed else None
    after["updated"] = (before or {}).get("updated")
    return after if after == before else {**after, "updated": at}


def _check(one: Any) -> None:
    if not isinstance(one, dict) or not _KEY.fullmatch(str(one.get("key"))) or ".." in str(one.get("key")):
        raise UsageError("an issue has no proper key: letters, digits, . _ / and - only")
    if one.get("state") not in STATES or not one.get("title") or not isinstance(one.get("labels"), list):
        raise UsageError(f"the issue {one['key']} needs a title, labels and a state ({' or '.join(STATES)})")
    if any(not _FILE.fullmatch(str(name)) for name in one.get("files") or {}):
        raise UsageError(f"the issue {one['key']} may bring files below requests/ only")
    if len(canonical.encode(one)) > MOST_BYTES:
        raise UsageError(f"the issue {one['key']} is larger than {MOST_BYTES} bytes")


def _write(path: Path, data: bytes) -> None:
    if not path.is_file() or path.read_bytes() != data:
        files.write(path, data)


def _text(issue: Dict[str, Any]) -> bytes:
    return canonical.encode(issue) + b"\n"
