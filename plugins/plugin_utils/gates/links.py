"""Where the links of a Markdown page lead: whether what they name is part of the commit."""

from __future__ import annotations

import posixpath
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

from .markdown import Link, Page

PAGES = (".md", ".markdown")


@dataclass(frozen=True)
class Lead:
    """One link looked up. `path` is relative to the commit, empty for an address on the web.

    `broken` says in one sentence what is wrong, empty when nothing is or when it is an address (nobody asks the web).
    """

    link: Link
    path: str
    broken: str


def followed(page: Page, file: str, export: Path) -> list[Lead]:
    """Look up every link of the page `file`; nothing outside the export is touched."""
    return [_lead(link, page, file, export) for link in page.links()]


def leads_to(leads: list[Lead], path: str) -> bool:
    """Say whether one of the links leads to the file `path` of the commit."""
    return any(lead.path == posixpath.normpath(path) and not lead.broken for lead in leads)


def _lead(link: Link, page: Page, file: str, export: Path) -> Lead:
    parts = urllib.parse.urlsplit(link.target)
    if parts.scheme or parts.netloc:
        return Lead(link, "", "")
    where = f"{file}:{link.line}: the link to {link.target}"
    written = urllib.parse.unquote(parts.path)
    # A link from the root is one from the root of the repository, as the usual hosts read it.
    base = "" if written.startswith("/") else posixpath.dirname(file)
    path = posixpath.normpath(posixpath.join(base, written.lstrip("/"))) if written else file
    if path == ".." or path.startswith("../"):
        return Lead(link, "", f"{where} leads out of the repository")
    target = export / path
    if not target.exists() or not target.resolve().is_relative_to(export.resolve()):
        return Lead(link, path, f"{where}: {path} is not in the commit")
    anchors = _anchors(page if path == file else None, target)
    if parts.fragment and anchors is not None and urllib.parse.unquote(parts.fragment) not in anchors:
        return Lead(link, path, f"{where}: {path} has no section #{parts.fragment}")
    return Lead(link, path, "")


def _anchors(page: Page | None, target: Path) -> frozenset[str] | None:
    """Return the anchors of a Markdown file, None for what has none that are known."""
    if page:
        return page.anchors()
    if target.suffix.lower() not in PAGES or not target.is_file():
        return None
    return Page(target.read_text(encoding="utf-8", errors="replace")).anchors()
