"""Indicator `dependencies`: what a component declares against what it imports, and at which stage that is.

Document: `{files, imports, packages, undeclared, examined, lower, unknown, unreadable, statement}`. `undeclared` holds
sentences about imports and declarations that do not fit; `lower` and `unknown` hold sentences about stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from ..gates.bench import Bench
from ..gates.by_hand import command_line
from ..gates.imports import Import, imports_of, is_standard, locate, owner_of
from ..gates.measurement import Measurement
from ..gates.packages import Declared, declared_near, distributions_of
from ..gates.subject import Subject
from .indicator import Indicator

if TYPE_CHECKING:
    from ..gates.inputs import SubjectFacts

# git's names of a file without content, by SHA-1 and by SHA-256
_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
STAGES = ("development", "staging", "production")


class Dependencies(Indicator):
    """Reads the component's files by their syntax, the catalogue, and the stages that the ledgers tell."""

    def facts(self, facts: SubjectFacts) -> Mapping[str, Any]:
        """Depend on the stages, and on which Python files there are: an import may lead to any of them."""
        modules = {path: blob.endswith(_EMPTY) for path, blob in facts.tree.items() if path.endswith(".py")}
        return {"stage": facts.operation["stage_wanted"], **_stages(facts), "modules": modules}

    def measure(self, bench: Bench) -> Measurement:
        """Compare; nothing is executed."""
        subject = bench.subject
        found: list[Import] = []
        unreadable = []
        for file in subject.python_files:
            try:
                found += imports_of(subject.export, file, subject.import_roots)
            except (SyntaxError, ValueError) as error:
                unreadable.append(f"{file} is not Python: {error}")
        places = [PurePosixPath(path).parent.as_posix() for path in subject.files] + list(subject.entry["context"])
        declared = declared_near(subject.export, places)
        stages = _stages(subject)
        document = {
            "files": subject.python_files,
            "imports": len(found),
            "packages": list(declared.files),
            "undeclared": _undeclared(subject, found, declared),
            "unreadable": [*unreadable, *declared.unreadable],
            **stages,
        }
        by_hand = command_line(subject, ["grep", "-nE", r"^\s*(import|from) ", *subject.python_files])
        return Measurement(document=document, by_hand=by_hand)


def _undeclared(subject: Subject, found: Iterable[Import], declared: Declared) -> list[str]:
    sentences: dict[str, None] = {}
    used: set[str] = set()
    for one in found:
        targets = _targets(one, subject)
        if targets:
            owners = {target: owner_of(target, subject.operation["components"]) for target in targets}
            used |= {owner for owner in owners.values() if owner}
            for target, owner in owners.items():
                sentence = "" if one.optional else _about_own(subject, one, target, owner)
                sentences |= {sentence: None} if sentence else {}
        elif not one.optional and not is_standard(one.module):
            sentence = _about_package(subject, one, declared)
            sentences |= {sentence: None} if sentence else {}
    for name in subject.entry["depends"]:
        if name not in used and not subject.operation["components"][name]["services"]:
            sentences[f"{name} is declared in `depends`, but nothing imports it and it has no services"] = None
    return list(sentences)


def _targets(one: Import, subject: Subject) -> list[str]:
    """Return the files or folders of the monorepo's own that an import takes something from."""
    inside = [locate(f"{one.module}.{name}", subject.export, subject.import_roots) for name in one.names]
    whole = locate(one.module, subject.export, subject.import_roots)
    if whole is None:
        return []
    found = {path for path in inside if path}
    # A package is used itself where a name is no module of it; a plain folder has nothing to take.
    if not inside or not all(inside):
        found.add(whole)
    return sorted(found)


def _about_own(subject: Subject, one: Import, target: str, owner: str | None) -> str:
    where = f"{one.file}:{one.line} imports {target}"
    if owner is None:
        infrastructure = [path.rstrip("/") for path in subject.settings.get("infrastructure") or []]
        known = any(target == path or target.startswith(f"{path}/") for path in infrastructure)
        if known or not _has_code(subject, target):
            return ""
        return f"{where}, which belongs to no component (add it to monorepo.infrastructure or to a component)"
    if owner in (subject.component, *subject.entry["depends"]):
        return ""
    return f"{where} of {owner}, which is not in `depends`"


def _has_code(subject: Subject, target: str) -> bool:
    """Say whether there is anything to take: an empty `__init__.py` or a plain folder only gives a module its name."""
    path = subject.export / target
    return path.is_file() and path.stat().st_size > 0


def _about_package(subject: Subject, one: Import, declared: Declared) -> str:
    top = one.module.partition(".")[0]
    names = distributions_of(top, subject.entry.get("packages") or {})
    known = [name for name in names if name in declared.names]
    read = ", ".join(declared.files) or "no pyproject.toml, requirements or lock file was found"
    if not known:
        return f"{one.file}:{one.line} imports {top} ({' or '.join(names)}), which is not declared ({read})"
    if not any(name in declared.pinned for name in known):
        return f"{known[0]}, imported by {one.file}:{one.line}, is not pinned: no == and no lock file ({read})"
    return ""


def _stages(subject: Subject | SubjectFacts) -> dict[str, Any]:
    wanted = str(subject.operation["stage_wanted"])
    names = list(dict.fromkeys([*subject.operation.get("dependencies", ()), *subject.entry["depends"]]))
    found = {name: subject.stages.get(name, "unknown") for name in names}
    lower = [
        f"{name} is at {stage}, {wanted} or higher is wanted"
        for name, stage in found.items()
        if stage in STAGES and STAGES.index(stage) < STAGES.index(wanted)
    ]
    unknown = [f"nobody knows at which stage {name} is" for name, stage in found.items() if stage not in STAGES]
    said = _said(found) if names else f"{subject.component} depends on no other component"
    # The catalogue entry itself is examined too: a component without dependencies has been looked at.
    examined = [f"depends of {subject.component}", *names]
    return {"examined": examined, "stages": found, "lower": lower, "unknown": unknown, "statement": said}


def _said(found: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({stage})" for name, stage in found.items())
