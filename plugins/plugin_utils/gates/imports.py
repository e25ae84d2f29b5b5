"""What Python files import, read from their syntax: nothing is executed."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .subject import module_name

_Importing = ast.Import | ast.ImportFrom | ast.Call
_FORGIVING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True)
class Import:
    """One imported name. `module` is dotted; `names` are what `from module import …` takes out of it."""

    module: str
    names: tuple[str, ...]
    file: str
    line: int
    optional: bool


def imports_of(export: Path, file: str, import_roots: list[str]) -> list[Import]:
    """Return the imports of one file; raises `SyntaxError` or `ValueError` when it is not Python."""
    tree = ast.parse((export / file).read_bytes(), filename=file)
    package = module_name(file, import_roots)
    if not file.endswith("/__init__.py"):
        package = package.rpartition(".")[0]
    return [
        Import(module, names, file, node.lineno, optional)
        for node, optional in _walk(tree, optional=False)
        for module, names in _imported(node, package)
    ]


def locate(module: str, export: Path, import_roots: Iterable[str]) -> str | None:
    """Return the path of a module of the monorepo's own, relative to it, or None when it comes from elsewhere."""
    for root in import_roots:
        stem = Path(root) / Path(*module.split("."))
        for candidate in (stem / "__init__.py", stem.with_name(f"{stem.name}.py")):
            if (export / candidate).is_file():
                return candidate.as_posix()
        if next((export / stem).rglob("*.py"), None):  # a folder without code of ours may share a package's name
            return stem.as_posix()
    return None


def is_standard(module: str) -> bool:
    """Say whether a module belongs to Python itself."""
    return module.partition(".")[0] in {*sys.stdlib_module_names, "__future__", "__main__"}


def owner_of(path: str, components: Mapping[str, Mapping[str, list[str]]]) -> str | None:
    """Return the component to which a file or folder of the monorepo belongs."""
    for name, entry in components.items():
        if any(path == own.rstrip("/") or path.startswith(f"{own.rstrip('/')}/") for own in entry["paths"]):
            return name
    return None


def _walk(node: ast.AST, *, optional: bool) -> Iterator[tuple[_Importing, bool]]:
    """Yield the importing nodes, and whether a `try` forgives that the module is missing."""
    for field, value in ast.iter_fields(node):
        forgiven = optional or (field == "body" and isinstance(node, ast.Try) and _forgives(node))
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, (ast.Import, ast.ImportFrom, ast.Call)):
                yield child, forgiven
            if isinstance(child, ast.AST):
                yield from _walk(child, optional=forgiven)


def _forgives(node: ast.Try) -> bool:
    caught = [handler.type for handler in node.handlers]
    names = {part.id for kind in caught if kind for part in ast.walk(kind) if isinstance(part, ast.Name)}
    return bool(names & _FORGIVING) or None in caught


def _imported(node: _Importing, package: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, ()) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        if module:
            yield module, tuple(alias.name for alias in node.names)
    elif node.args:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        literal = isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value
        if called in ("import_module", "__import__") and literal and not literal.startswith("."):
            yield literal, ()
