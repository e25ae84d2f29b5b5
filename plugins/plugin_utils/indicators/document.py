"""Indicator `document`: reads a file of the commit, Markdown by its sections and links; JSON, YAML and TOML as data.

Document of Markdown: `{file, looked, format, words, sections, links, broken, findings}`, with `section` also `{section,
items, ticked, total, percent, open}`, attested by whoever touched that list last, by git.
Document of data: `{file, looked, format, data, values, findings}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar

from ..gates import required
from ..gates.bench import PROGRAMS, Bench
from ..gates.by_hand import command_line
from ..gates.check_list import check_list
from ..gates.errors import DefinitionError
from ..gates.links import PAGES, followed
from ..gates.markdown import Page
from ..gates.measurement import Measurement
from ..gates.tokens import check_tokens, expand
from .indicator import Indicator

if TYPE_CHECKING:
    from ..gates.inputs import SubjectFacts

FORMATS = ("markdown", "json", "yaml", "toml")
DATA = {".json": "json", ".yml": "yaml", ".yaml": "yaml", ".toml": "toml"}
READ_SECONDS = 30


class Document(Indicator):
    """The file `file`; `section` is a pattern for the heading of a check list, `require` what the page must have."""

    keys: ClassVar[tuple[str, ...]] = ("file", "format", "section", "require")

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the file's tokens, the format, the section's pattern and the required."""
        check_tokens([parameters.get("file")], f"{where}.file")
        if parameters.get("format", FORMATS[0]) not in FORMATS:
            raise DefinitionError(f"{where}.format", f"is {parameters['format']!r}", f"one of {', '.join(FORMATS)}")
        if "section" in parameters:
            required.check_pattern(parameters["section"], f"{where}.section")
        required.check(parameters.get("require", {}), f"{where}.require")

    def facts(self, facts: SubjectFacts) -> Mapping[str, Any]:
        """Depend on every file, since links may lead anywhere; and on the file itself where the toolkit writes it."""
        file = str(self.parameters["file"])
        written = {key: facts.blob(str(facts.entry[key])) for key in ("maturity", "rollback") if f"{{{key}}}" in file}
        return {"everything": facts.everything, "written": written, "named": facts.blob(file)}

    def measure(self, bench: Bench) -> Measurement:
        """Read the file in the export; a missing one is a finding where something is required of it, else a problem."""
        file = expand([self.parameters["file"]], *bench.tokens())[0]
        kind = self.parameters.get("format") or _format_of(file)
        by_hand = command_line(bench.subject, ["grep", "-n", "-E", r"^#|\[[ xX]\]|\]\(", file])
        path = bench.subject.export / file
        if not kind:
            return Measurement(problem=f"{file} is neither Markdown, JSON, YAML nor TOML by its name: say `format`")
        if not path.resolve().is_relative_to(bench.subject.export.resolve()):
            return Measurement(problem=f"{file} leads out of the commit", by_hand=by_hand)
        try:
            text = path.read_text(encoding="utf-8")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return self._missing(bench, file, kind, by_hand)
        except (OSError, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split())
            return Measurement(problem=f"{file} cannot be read as text: {reason}", by_hand=by_hand)
        if kind == "markdown":
            return self._page(bench, file, text, by_hand)
        return _data(bench, file, kind)

    def _missing(self, bench: Bench, file: str, kind: str, by_hand: str) -> Measurement:
        missing = f"{file} is not in commit {bench.subject.commit[:12]}"
        if not self.parameters.get("require"):
            return Measurement(problem=missing, by_hand=by_hand)
        by_hand = command_line(bench.subject, ["git", "ls-tree", "-r", "--name-only", "HEAD", "--", file])
        document = {"file": file, "looked": [file], "format": kind, "words": 0, "findings": [missing]}
        return Measurement(document=document, by_hand=by_hand)

    def _page(self, bench: Bench, file: str, text: str, by_hand: str) -> Measurement:
        page = Page(text)
        leads = followed(page, file, bench.subject.export)
        document: dict[str, Any] = {
            "file": file,
            "looked": [file],
            "format": "markdown",
            "words": page.words(),
            "sections": [
                {"title": one.title, "level": one.level, "line": one.first, "words": page.words(one)}
                for one in page.sections()
            ],
            "links": [
                {"text": lead.link.text, "target": lead.link.target, "line": lead.link.line, "path": lead.path}
                for lead in leads
            ],
            "broken": [lead.broken for lead in leads if lead.broken],
            "findings": [],
        }
        wanted = required.unmet(page, document, self.parameters.get("require", {}), bench)
        if wanted.problem:
            return Measurement(problem=wanted.problem, by_hand=by_hand)
        document |= {"looked": wanted.looked, "findings": wanted.findings}
        if "section" not in self.parameters:
            return Measurement(document=document, by_hand=by_hand)
        return check_list(bench, page, document, self.parameters["section"], by_hand)


def _data(bench: Bench, file: str, kind: str) -> Measurement:
    by_hand = command_line(bench.subject, ["cat", file])
    read = bench.run([sys.executable, "-I", str(PROGRAMS / "data_file.py"), file, kind], seconds=READ_SECONDS)
    command = replace(read, stdout="")  # the document has it
    try:
        found = json.loads(read.stdout)
    except json.JSONDecodeError:
        why = read.trouble or read.last_words
        return Measurement(problem=f"{file} could not be read: {why}", commands=(command,), by_hand=by_hand)
    if found["refused"]:
        return Measurement(problem=f"{file} {found['refused']}", commands=(command,), by_hand=by_hand)
    known = {"file": file, "looked": [file], "format": kind, "findings": []}
    document = {**known, "data": found["data"], "values": found["values"]}
    return Measurement(document=document, commands=(command,), by_hand=by_hand)


def _format_of(file: str) -> str:
    suffix = PurePosixPath(file).suffix.lower()
    return "markdown" if suffix in PAGES else DATA.get(suffix, "")
