"""Indicator `readme`: a usage section, in the README or in a module's docstring, whose Python code runs.

Document: `{file, looked, section, blocks, findings}`. Blocks run in order, in one process, below the import roots.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..gates.bench import PROGRAMS, Bench
from ..gates.by_hand import command_line
from ..gates.markdown import Code, Page, Section
from ..gates.measurement import Measurement
from ..gates.process import Finished
from .indicator import Indicator

_USAGE = r"\b(usage|examples?|how to use|quick ?start|getting started)\b"
# In a docstring a heading is often a word on a line of its own.
_DOCSTRING_HEADING = re.compile(r"(?im)^(usage|examples?)\s*::?\s*$")
_PYTHON = frozenset({"python", "py", "python3", "pycon"})


@dataclass(frozen=True)
class _Source:
    file: str
    page: Page
    usage: Section | None
    indented: bool  # an indented block is Python too, as docstrings have it


class Readme(Indicator):
    """The README that the catalogue names; without one, the docstrings of the component's modules."""

    def measure(self, bench: Bench) -> Measurement:
        """Find the usage section and run the Python in the file."""
        readme = bench.subject.entry["readme"]
        sources = _sources(bench)
        looked = [source.file for source in sources] or [readme]
        by_hand = command_line(bench.subject, ["grep", "-n", "^#", *looked])
        told = [source for source in sources if source.usage]
        if not told:
            finding = f"{' and '.join(looked)}: no section Usage" if sources else f"{readme} does not exist"
            return Measurement(document=_document(looked, [finding]), by_hand=by_hand)
        source = next((one for one in told if _blocks(one)), told[0])
        by_hand = _by_hand(bench, source)
        blocks = _blocks(source)
        assert source.usage  # noqa: S101  only those are in `told`
        inside = [block for block in blocks if source.usage.first <= block.line <= source.usage.last]
        if not inside:
            finding = f"{source.file}: section {source.usage.title!r} has no Python code block"
            return Measurement(document=_document([source.file], [finding]), by_hand=by_hand)
        return _run(bench, source.file, blocks, by_hand)


def _run(bench: Bench, file: str, blocks: list[Code], by_hand: str) -> Measurement:
    listed = bench.scratch / "blocks.json"
    listed.write_text(json.dumps([{"file": file, "line": block.line, "text": block.text} for block in blocks]))
    python = [*bench.prefix("run"), "python"] if bench.prefix("run") else [bench.python()]
    finished = bench.run([*python, str(PROGRAMS / "run_blocks.py"), str(listed)])
    common: dict[str, Any] = {
        "by_hand": by_hand,
        "commands": (finished,),
        "reports": {"blocks.json": listed.read_text()},
    }
    try:
        outcomes = _outcomes(finished)
    except ValueError as error:
        return Measurement(problem=f"the code of {file} could not be run: {error}", **common)
    findings = [f"{file}:{one['line']}: {one['error']}" for one in outcomes if one["error"]]
    return Measurement(document=_document([file], findings, len(blocks)), **common)


def _by_hand(bench: Bench, source: _Source) -> str:
    if source.file.endswith(".py"):
        return command_line(bench.subject, ["python", "-m", "pydoc", f"./{source.file}"], imports=True)
    to_python = "grep -v '^```' | PYTHONPATH=" + shlex.quote(os.pathsep.join(bench.subject.import_roots)) + " python -"
    cut = ["sed", "-n", r"/^```py/,/^```$/p", source.file]
    return f"{command_line(bench.subject, cut)} | {to_python}"


def _outcomes(finished: Finished) -> list[dict[str, Any]]:
    if finished.trouble:
        raise ValueError(finished.trouble)
    try:
        outcomes = json.loads(finished.stdout.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError) as error:
        raise ValueError(f"it ended with exit code {finished.exit}: {finished.last_words}") from error
    if not isinstance(outcomes, list) or not outcomes:
        raise ValueError("no outcome was reported")
    return outcomes


def _document(looked: list[str], findings: list[str], blocks: int = 0) -> dict[str, Any]:
    return {"file": looked[0], "looked": looked, "blocks": blocks, "findings": findings}


def _sources(bench: Bench) -> list[_Source]:
    export, readme = bench.subject.export, bench.subject.entry["readme"]
    texts = [(readme, _text(export / readme), False)]
    texts += [(path, _docstring(export / path), True) for path in bench.subject.python_files]
    sources = []
    for file, text, indented in texts:
        if text:
            page = Page(text)
            sources.append(_Source(file, page, page.section(_USAGE), indented))
    return sources


def _blocks(source: _Source) -> list[Code]:
    return [
        block
        for block in source.page.code()
        if block.language in _PYTHON or (source.indented and not block.language and _parses(block.text))
    ]


def _docstring(path: Path) -> str:
    """Return a module's docstring as Markdown, its headings without marks made into headings."""
    try:
        docstring = ast.get_docstring(ast.parse(_text(path))) or ""
    except (SyntaxError, ValueError):
        return ""  # the gates that read the code say so
    return _DOCSTRING_HEADING.sub(lambda match: f"## {match[1]}", docstring)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return ">>>" in text
    return True


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
