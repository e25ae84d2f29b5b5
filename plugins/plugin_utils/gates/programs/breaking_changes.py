"""Prints as JSON what changed in the public API of some files, so that their users would notice.

Usage: breaking_changes.py OLD NEW PATH… (OLD is a folder with the earlier files, or empty; PATH a file or folder in
both). Reads source only, imports nothing of it. Prints `{files, compared, breaking, unreadable, statement}`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import griffe


def python_files(base: str, paths: list[str]) -> set[str]:
    """Return the Python files at or below the paths, relative to `base`; none without a base."""
    if not base:
        return set()
    root = Path(base)
    found = [file for path in paths for file in (root / path, *(root / path).rglob("*.py"))]
    return {file.relative_to(root).as_posix() for file in found if file.is_file() and file.suffix == ".py"}


def api(base: str, file: str) -> griffe.Module:
    """Return the API that a file declares; raises `SyntaxError` or `UnicodeDecodeError`."""
    path = Path(base, file)
    name = ".".join(Path(file).with_suffix("").parts)
    return griffe.visit(name, filepath=path, code=path.read_text(encoding="utf-8"))


def main(old: str, new: str, paths: list[str]) -> int:
    """Compare every file; one without an earlier version has no users yet, one that is gone breaks all of them."""
    before, now = python_files(old, paths), python_files(new, paths)
    breaking = {f"{file}: was removed" for file in before - now}
    unreadable = []
    for file in sorted(now):
        try:
            current = api(new, file)
            changes = griffe.find_breaking_changes(api(old, file), current) if file in before else ()
            breaking |= {f"{file}: {_one_line(change)}" for change in changes}
        except (SyntaxError, UnicodeDecodeError) as error:
            unreadable.append(f"{file} cannot be read as Python: {error}")
    document = {
        "files": sorted(now | before),
        "compared": len(now & before),
        "breaking": sorted(breaking),
        "unreadable": unreadable,
        "statement": "" if old else "first promotion: nothing to compare",
    }
    print(json.dumps(document))
    return 0


def _one_line(change: griffe.Breakage) -> str:
    """Return what changed, without colours and without where the export lies."""
    told = re.sub(r"\x1b\[[0-9;]*m", "", change.explain(griffe.ExplanationStyle.ONE_LINE))
    return re.sub(r"^.*?:\d+: ", "", " ".join(told.split()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
