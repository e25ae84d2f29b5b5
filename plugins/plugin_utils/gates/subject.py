"""The subject: everything that gates may know about the component being judged."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from .of_component import OfComponent

_NOT_CODE = frozenset({"__pycache__", ".git"})


@dataclass(frozen=True)
class Subject(OfComponent):
    """One component at one commit. Paths of files are relative to the monorepo; `export` holds the commit's files.

    `last_promoted` is an export of the commit promoted last, None when there was no promotion yet. `environment` names
    the target's compose_file and env_example, and says in `local` whether its host is this machine. `ledger` holds the
    entries of all environments' ledgers, each in its order.
    """

    export: Path
    stages: Mapping[str, str]
    environment: Mapping[str, Any]
    last_promoted: Path | None
    last_promoted_commit: str
    ledger: Sequence[Mapping[str, Any]] = ()

    @property
    def monorepo(self) -> str:
        """The user's own checkout: for git and for commands typed by hand, never for judging."""
        return str(self.operation["monorepo"])

    @property
    def commit(self) -> str:
        """The commit that is judged."""
        return str(self.operation["artifact"]["commit"])

    @property
    def import_roots(self) -> list[str]:
        """Folders from which the monorepo's modules are imported."""
        return [str(root) for root in self.settings.get("import_roots") or ["."]]

    @property
    def files(self) -> list[str]:
        """The component's own files."""
        return files_of(self.export, self.entry["paths"])

    @property
    def shipped_files(self) -> list[str]:
        """The component's own files and what else its image is built from."""
        return files_of(self.export, [*self.entry["paths"], *self.entry.get("context", ())])

    @property
    def python_files(self) -> list[str]:
        """The component's own Python files."""
        return [path for path in self.files if path.endswith(".py")]

    @property
    def integration_services(self) -> list[str]:
        """The services that the component needs around it: its own, its carrier's and its dependencies'."""
        components = self.operation["components"]
        names = [*self.operation.get("dependencies", ()), self.entry.get("carried_by"), self.component]
        services = [service for name in names if name for service in components[name]["services"]]
        return list(dict.fromkeys(services))

    @property
    def deployed_services(self) -> list[str]:
        """The services whose deployment ships the component: its own, or its carrier's."""
        carrier = self.entry.get("carried_by")
        own: list[str] = self.entry["services"]
        return list(own or (self.operation["components"][carrier]["services"] if carrier else ()))


def files_of(export: Path, paths: list[str]) -> list[str]:
    """Return the regular files at or below `paths`, relative to the export, sorted."""
    found: set[str] = set()
    for path in paths:
        start = export / path
        if start.is_file():
            found.add(PurePosixPath(path).as_posix())
        for folder, folders, names in os.walk(start):
            folders[:] = [name for name in folders if name not in _NOT_CODE]
            found.update((Path(folder) / name).relative_to(export).as_posix() for name in names)
    return sorted(found)


def module_name(path: str, import_roots: list[str]) -> str:
    """Return the dotted name of a Python file below the deepest import root that contains it."""
    pure = PurePosixPath(path)
    roots = sorted((PurePosixPath(root) for root in import_roots), key=lambda root: -len(root.parts))
    relative = next((pure.relative_to(root) for root in roots if pure.is_relative_to(root)), pure)
    parts = list(relative.with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
