"""Third-party packages: which are declared near a component, and which of them are pinned.

Read are pyproject.toml (dependencies, extras, groups, Poetry's), requirements and constraints files, uv.lock and
poetry.lock, at the monorepo's root, beside the component and in its build context.
"""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

_REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>.*)$")
_LOCKS = ("uv.lock", "poetry.lock")


@dataclass(frozen=True)
class Declared:
    """Normalised names: those that some file declares, those that are pinned, and the files that were read."""

    names: frozenset[str]
    pinned: frozenset[str]
    files: tuple[str, ...]
    unreadable: tuple[str, ...]


def normalised(name: str) -> str:
    """Return a distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions_of(module: str, given: Mapping[str, str]) -> list[str]:
    """Return the normalised distributions that may bring a top-level module: as given, as installed, or by its name."""
    if module in given:
        return [normalised(given[module])]
    installed = importlib.metadata.packages_distributions().get(module, [])
    return sorted({normalised(name) for name in [*installed, module]})


def declared_near(export: Path, places: Iterable[str]) -> Declared:
    """Read every file that can declare packages in the given folders of the export and their parents."""
    names: set[str] = set()
    pinned: set[str] = set()
    read: list[str] = []
    unreadable: list[str] = []
    for path in _files(export, places):
        relative = path.relative_to(export).as_posix()
        try:
            requirements, locked = _read(path)
        except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:  # no TOML, or of another shape
            unreadable.append(f"{relative} cannot be read: {' '.join(str(error).split())}")
            continue
        read.append(relative)
        pinned |= {normalised(name) for name in locked}
        for name, rest in requirements:
            # A constraints file pins, but declares nothing.
            names |= set() if path.name.startswith("constraints") else {normalised(name)}
            pinned |= {normalised(name)} if re.match(r"===?\s*[^\s*]+\s*(?:[;#\\].*|--hash.*)?$", rest) else set()
    return Declared(frozenset(names), frozenset(pinned), tuple(read), tuple(unreadable))


def _files(export: Path, places: Iterable[str]) -> list[Path]:
    folders = {export / "requirements", export}
    for place in places:
        pure = PurePosixPath(place)
        folders |= {export / parent for parent in (pure, *pure.parents)}
    patterns = ("pyproject.toml", "requirements*.txt", "constraints*.txt", *_LOCKS)
    found = {path for folder in folders if folder.is_dir() for pattern in patterns for path in folder.glob(pattern)}
    if (export / "requirements").is_dir():
        found |= set((export / "requirements").glob("*.txt"))
    return sorted(found)


def _read(path: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the requirements (name, rest of the line) and the locked names that a file holds."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        lines = (line.split(" #")[0].strip() for line in text.splitlines())
        return _requirements(line for line in lines if line and line[0] not in "#-"), []
    data = tomllib.loads(text)
    if path.name in _LOCKS:
        packages = data.get("package", [])
        return [], [str(package["name"]) for package in packages if package.get("version")]
    return _of_project(data), []


def _of_project(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    project = data.get("project", {})
    groups = [*project.get("optional-dependencies", {}).values(), *data.get("dependency-groups", {}).values()]
    lines = [*project.get("dependencies", []), *(line for group in groups for line in group)]
    poetry = data.get("tool", {}).get("poetry", {})
    tables = [poetry.get("dependencies", {}), *(group["dependencies"] for group in poetry.get("group", {}).values())]
    exact = [(name, _poetry_version(wanted)) for table in tables for name, wanted in table.items()]
    return [*_requirements(line for line in lines if isinstance(line, str)), *exact]


def _poetry_version(wanted: Any) -> str:
    """Return what Poetry writes as a version in the way others do: a bare one there means exactly that one."""
    version = str(wanted.get("version", "") if isinstance(wanted, dict) else wanted)
    return f"=={version}" if re.fullmatch(r"[0-9][0-9.]*", version) else version


def _requirements(lines: Iterable[str]) -> list[tuple[str, str]]:
    matches = (_REQUIREMENT.match(line.strip()) for line in lines)
    return [(match["name"], match["rest"].strip()) for match in matches if match]
