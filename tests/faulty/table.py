"""The table fault → outcome: what a run of the tests prints, and what docs/reliability.md says. Pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_ROW = re.compile(
    r"^\| (?P<fault>[^|]+?) \| (?P<serves>[^|]+?) \| (?P<says>[^|]+?) \| (?P<next>[^|]+?) \|$", re.MULTILINE
)
_WIDTH = 150


@dataclass(frozen=True)
class Entry:
    """One test's word about a fault: what the host program said to it, and the outcome of the last run."""

    fault: str
    said: str
    last: str
    passed: bool


def text(entries: Iterable[Entry]) -> list[str]:
    """Return the table as lines: each fault once, how many of its tests passed, what was said, how it ended."""
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.fault, []).append(one)
    if not found:
        return []
    wide = max(map(len, found))
    lines = ["", f"{'fault':{wide}}  passed  ended with", "-" * (wide + 40)]
    for name, own in found.items():
        ended = ", ".join(sorted({one.last for one in own if one.last})) or "-"
        lines.append(f"{name:{wide}}  {sum(one.passed for one in own):2} of {len(own):2}  {ended}")
        said = next((one.said for one in own if one.said), "")
        lines += [f"{'':{wide}}          {said[:_WIDTH]}{'…' * (len(said) > _WIDTH)}"] if said else []
    return lines


def documented(page: str) -> list[str]:
    """Return the faults that the page names, in its order."""
    rows = [match["fault"] for match in _ROW.finditer(page)]
    return [one for one in rows if one not in ("Fault", "---")]


def marked(folder: Path) -> set[str]:
    """Return the faults that tests of a folder are marked with, without importing them."""
    found = set()
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.fault":
                found.add(str(ast.literal_eval(node.args[0])))
    return found
