"""What a verdict depends on, as one hash. Read from git's tree, so that nothing has to be exported to know it.

Common to all gates are: the files of the component, of all that it depends on and of its carrier, with their tests and
what lies beside those tests; the infrastructure; what lies at the root of the monorepo; configuration and package
files wherever they are; the catalogue; the interpreter, the installed packages, the gate's definition and the toolkit's
own code. An indicator adds what it alone looks at. docs/evidence.md says why this is enough, and where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from ...module_utils.host import canonical
from .. import repository
from . import control_node
from .definition import Gate
from .of_component import OfComponent

# Files that change what a tool or a test does in folders that are not their own.
_EVERYWHERE = re.compile(
    r"(.*/)?(conftest\.py|__init__\.py|pyproject\.toml|setup\.(cfg|py)|tox\.ini|pytest\.ini|mypy\.ini|\.?ruff\.toml"
    r"|\.coveragerc|\.bandit|pyrightconfig\.json|\.gitattributes|(requirements|constraints)[^/]*\.txt|[^/]*\.lock)"
)
_TEST_MODULE = re.compile(r"(test_[^/]*|[^/]*_test)\.py")
_PLACES = ("typings/", "requirements/")


@dataclass(frozen=True)
class SubjectFacts(OfComponent):
    """A component at a commit, without its files: `tree` maps each path of the commit to `mode blob`."""

    stages: Mapping[str, str]
    environment: Mapping[str, Any]
    last_promoted_commit: str
    tree: Mapping[str, str]
    git: repository.Git

    @classmethod
    def of(
        cls,
        operation: Mapping[str, Any],
        stages: Mapping[str, str],
        environment: Mapping[str, Any],
        last_promoted_commit: str = "",
    ) -> SubjectFacts:
        """Read the tree of the operation's commit; raises `Refusal` when git cannot."""
        git = repository.git_in(str(operation["monorepo"]))
        listing = git("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", operation["artifact"]["commit"])
        return cls(operation, stages, environment, last_promoted_commit, dict(_listed(listing)), git)

    def blob(self, path: str) -> str | None:
        """Return mode and blob of a file, None when the commit has no such file."""
        return self.tree.get(path)

    def below(self, path: str) -> dict[str, str]:
        """Return the files at or below a path, each with mode and blob."""
        own = path.rstrip("/")
        if own in (".", ""):
            return self.whole
        return {name: blob for name, blob in self.tree.items() if name == own or name.startswith(f"{own}/")}

    def text(self, path: str) -> str:
        """Return the text of a file, empty when the commit has none."""
        found = self.blob(path)
        return self.git("cat-file", "blob", found.split(" ")[1]) if found else ""

    @cached_property
    def whole(self) -> dict[str, str]:
        """All files but those that the toolkit writes itself."""
        return {path: blob for path, blob in self.tree.items() if path not in self.written_by_toolkit}

    @cached_property
    def everything(self) -> str:
        """One hash of all files but those that the toolkit writes itself."""
        return canonical.sha256(self.whole)

    @cached_property
    def shared(self) -> str:
        """One hash of what all gates have in common."""
        return canonical.sha256(
            {
                "component": self.component,
                "files": self.common,
                "catalogue": [self.operation["components"], self.settings],
                "python": control_node.interpreter(),
                "packages": control_node.packages(),
                "toolkit": control_node.code_digest(),
            }
        )

    @cached_property
    def written_by_toolkit(self) -> frozenset[str]:
        """The files that the toolkit writes: no inputs, but for the gates that read them."""
        written = {str(self.settings.get("status_page"))}
        for entry in self.operation["components"].values():
            written |= repository.written_by_toolkit(entry)
        return frozenset(written)

    @cached_property
    def common(self) -> dict[str, str]:
        """The files on which every gate depends."""
        found = {path: blob for path, blob in self.whole.items() if "/" not in path or _EVERYWHERE.fullmatch(path)}
        for path in {*self._declared(), *_PLACES}:
            found |= self.below(path)
        tests = {
            path for entry in self._entries() for kind in entry["tests"].values() if kind for path in kind["paths"]
        }
        found |= {path: blob for path, blob in self.whole.items() if _beside(path, tests)}
        return {path: blob for path, blob in found.items() if path in self.whole}

    def _declared(self) -> set[str]:
        own = {path for entry in self._entries() for path in (*repository.own_files(entry), entry["readme"])}
        return own | {*(self.settings.get("infrastructure") or [])}

    def _entries(self) -> list[Mapping[str, Any]]:
        components = self.operation["components"]
        names = [self.component, *self.operation.get("dependencies", ()), *self.entry["depends"]]
        names += [self.entry["carried_by"]] if self.entry.get("carried_by") else []
        return [components[name] for name in dict.fromkeys(names)]


def inputs(gate: Gate, facts: SubjectFacts, own: Mapping[str, Any]) -> str:
    """Return the hash over all that a gate's verdict depends on; `own` is what its indicator adds."""
    return canonical.sha256({"gate": gate.sha256, "shared": facts.shared, "own": own})


def _beside(path: str, tests: Iterable[str]) -> bool:
    """Say whether a file lies beside tests and is none itself: all of them may read helpers and data."""
    pure = PurePosixPath(path)
    if _TEST_MODULE.fullmatch(pure.name):
        return False
    for test in tests:
        place = PurePosixPath(test)
        folder = place.parent if place.suffix else place
        if folder.name and (pure.is_relative_to(folder) or pure.parent in folder.parents):
            return True
    return False


def _listed(listing: str) -> Iterator[tuple[str, str]]:
    for record in listing.split("\0"):
        meta, _, path = record.partition("\t")
        if path:
            mode, _, blob = meta.split(" ")
            yield path, f"{mode} {blob}"
