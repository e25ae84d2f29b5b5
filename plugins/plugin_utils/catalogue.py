"""The catalogue: which components the monorepo has, where they lie and what they need.

`load` turns the text of `inventories/catalogue.yml`, which is the annotated example of the format, into complete
entries: every optional key is present afterwards, so that nobody who reads an entry has to know its default.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import yaml

from ..module_utils.host.settings import STRATEGIES
from . import backups, declared, strategies
from .observation.asked import declared as observed
from .refusal import Refusal
from .shapes import complete, known_keys, require_inside
from .trackers import settings as tracker

NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
TEST_KINDS = ("unit", "integration", "e2e", "smoke", "load")

_ENTRY_DEFAULTS: dict[str, Any] = {
    "group": "",
    "owner": "",
    "paths": [],
    "context": [],
    "tests": {},
    "services": [],
    "carried_by": None,
    "kind": "stateless",
    "data_schema": None,
    "strategy": "stop-first",
    "blue_green": {},
    "depends": [],
    "packages": {},
    "health": None,
    "sla": {},
    "backup": {},
    "readme": None,
    "maturity": None,
    "rollback": None,
    "docs": {},
    "monitoring": {},
    "audit": {},
    "observation": {},
}
_MONOREPO_DEFAULTS: dict[str, Any] = {
    "runner": {"run": [], "tool": []},
    "import_roots": ["."],
    "infrastructure": [],
    "development": None,
    "status_page": "docs/component-promotion/COMPONENT_MATURITY_STATUS.md",
    "tracker": {},
}
_TEST_DEFAULTS: dict[str, Any] = {"paths": [], "select": None, "environment": {}}
_LONGEST_SCHEMA = 60
_CHOICES = {"kind": ("stateless", "stateful"), "strategy": STRATEGIES}

Entry = dict[str, Any]
Catalogue = dict[str, Any]


def load(text: str, source: str) -> Catalogue:
    """Return `{monorepo: {...}, components: {name: entry}}` with all defaults filled in.

    `source` is the file's name, for messages. Raises `Refusal` that names the file and the key.
    """
    try:
        raw = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise Refusal(f"{source} is not valid YAML: {_one_line(error)}", "a catalogue of components") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("components"), dict) or not raw["components"]:
        raise Refusal(f"{source} names no component", "a mapping `components:` with an entry for each")
    known_keys(raw, ("monorepo", "components"), source)
    monorepo = complete(raw.get("monorepo") or {}, _MONOREPO_DEFAULTS, f"{source}: monorepo")
    monorepo["tracker"] = tracker.checked(monorepo["tracker"], f"{source}: monorepo.tracker")
    components = {
        str(name): _entry(str(name), entry or {}, f"{source}: components.{name}")
        for name, entry in raw["components"].items()
    }
    for name, entry in components.items():
        for dependency in entry["depends"]:
            if dependency not in components:
                raise Refusal(
                    f"{source}: {name} depends on {dependency}, which is no component",
                    f"one of {', '.join(sorted(components))}",
                )
    for name in components:
        dependencies(components, name)
    return {"monorepo": monorepo, "components": components}


def find(components: Mapping[str, Entry], name: str) -> Entry:
    """Return the entry called `name`; an unknown one is answered with the known ones, nearest first."""
    if name in components:
        return components[name]
    nearest = difflib.get_close_matches(name, components, n=len(components), cutoff=0.0)
    raise Refusal(
        f"component {name} is not in the catalogue",
        f"one of {', '.join(nearest)}",
        f"-e component={nearest[0]}",
    )


def dependencies(components: Mapping[str, Entry], name: str) -> list[str]:
    """Return all components that `name` needs, direct or not, in the order in which they must start."""
    ordered: list[str] = []

    def visit(current: str, path: tuple[str, ...]) -> None:
        if current in path:
            raise Refusal(f"the components {' → '.join([*path, current])} depend on each other in a circle")
        for dependency in components[current]["depends"]:
            visit(dependency, (*path, current))
        if current not in ordered:
            ordered.append(current)

    visit(name, ())
    return ordered[:-1]


def _entry(name: str, raw: Any, where: str) -> Entry:
    if not NAME.fullmatch(name):
        raise Refusal(f"{where} has a name that is none", "lower-case letters, digits, - and _, at most 63")
    entry = complete(raw, _ENTRY_DEFAULTS, where)
    for key, choices in _CHOICES.items():
        if entry[key] not in choices:
            raise Refusal(f"{where}.{key} is {entry[key]!r}", f"one of {', '.join(choices)}")
    strategies.require_possible(entry["kind"], entry["strategy"], where)
    schema = entry["data_schema"]
    if isinstance(schema, bool) or not isinstance(schema, (int, str, type(None))) or len(str(schema)) > _LONGEST_SCHEMA:
        raise Refusal(f"{where}.data_schema is {schema!r}", "a number or a short name, such as 12 or 2026-11-rooms")
    if not entry["paths"]:
        raise Refusal(f"{where}.paths is empty", "the files and folders that the component consists of")
    require_inside([*entry["paths"], *entry["context"]], where)
    known_keys(entry["tests"], TEST_KINDS, f"{where}.tests")
    entry["tests"] = {
        kind: complete(entry["tests"][kind], _TEST_DEFAULTS, f"{where}.tests.{kind}")
        if entry["tests"].get(kind)
        else None
        for kind in TEST_KINDS
    }
    folder = _own_folder(name, entry["paths"])
    return {
        **entry,
        "blue_green": strategies.blue_green(entry["blue_green"], f"{where}.blue_green"),
        "backup": backups.of_entry(entry["backup"], entry["services"], f"{where}.backup"),
        "docs": declared.docs(name, entry["docs"], f"{where}.docs"),
        "monitoring": declared.monitoring(entry["monitoring"], f"{where}.monitoring"),
        "audit": declared.audit(entry["audit"], f"{where}.audit"),
        "observation": observed(entry["observation"], f"{where}.observation"),
        "name": name,
        "readme": entry["readme"] or f"{folder}/README.md",
        "maturity": entry["maturity"] or f"{folder}/MATURITY.md",
        "rollback": entry["rollback"] or f"docs/operations/{name}_ROLLBACK.md",
    }


def _own_folder(name: str, paths: Iterable[str]) -> str:
    """Return the component's folder: the first of its paths that is no file, else the monorepo's usual place."""
    return next((path.rstrip("/") for path in paths if not PurePosixPath(path).suffix), f"src/components/{name}")


def _one_line(error: object) -> str:
    return " ".join(str(error).split())
