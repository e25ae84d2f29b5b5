"""Indicator `document`: reads the check list below a heading of a Markdown file.

Document: `{file, section, items, ticked, total, percent, open}`; attested by whoever touched the list last, by git.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from ..gates.bench import Bench
from ..gates.by_hand import command_line
from ..gates.errors import DefinitionError
from ..gates.markdown import Item, Page, Section
from ..gates.measurement import Measurement
from ..gates.process import Finished
from ..gates.tokens import check_tokens, expand
from .indicator import Indicator


class Document(Indicator):
    """The first section whose title fits `section` (a pattern, upper and lower case alike) in the file `file`."""

    keys: ClassVar[tuple[str, ...]] = ("file", "section")

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the file's tokens and the section's pattern."""
        check_tokens([parameters.get("file")], f"{where}.file")
        try:
            re.compile(parameters.get("section", ""))
        except (re.error, TypeError) as error:
            found = f"is {parameters['section']!r}: {error}"
            raise DefinitionError(f"{where}.section", found, "a regular expression") from error
        if not parameters.get("section"):
            raise DefinitionError(f"{where}.section", "is missing", "a pattern for the heading of the check list")

    def measure(self, bench: Bench) -> Measurement:
        """Read the file in the export."""
        file = expand([self.parameters["file"]], *bench.tokens())[0]
        pattern = self.parameters["section"]
        by_hand = command_line(bench.subject, ["grep", "-n", "-E", r"^#|\[[ xX]\]", file])
        try:
            text = (bench.subject.export / file).read_text(encoding="utf-8")
        except FileNotFoundError:
            at = bench.subject.commit[:12]
            return Measurement(problem=f"{file} is not in commit {at}", by_hand=by_hand)
        except (OSError, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split())
            return Measurement(problem=f"{file} cannot be read as text: {reason}", by_hand=by_hand)
        page = Page(text)
        section = page.section(pattern)
        if section is None:
            return Measurement(problem=f"{file} has no section that fits {pattern!r}", by_hand=by_hand)
        items = page.check_list(section)
        if not items:
            problem = f"{file} has no check list (- [x] …) under {section.title!r}, line {section.first}"
            return Measurement(problem=problem, by_hand=by_hand)
        attested, asked = _last_hand(bench, file, section)
        return Measurement(
            document=_document(file, section, items), attested=attested, commands=(asked,), by_hand=by_hand
        )


def _document(file: str, section: Section, items: list[Item]) -> dict[str, Any]:
    ticked = sum(item.ticked for item in items)
    return {
        "file": file,
        "section": section.title,
        "items": [{"text": item.text, "ticked": item.ticked, "line": item.line} for item in items],
        "ticked": ticked,
        "total": len(items),
        "percent": int(1000 * ticked / len(items)) / 10,
        "open": [f"{file}:{item.line}: not ticked: {item.text}" for item in items if not item.ticked],
    }


def _last_hand(bench: Bench, file: str, section: Section) -> tuple[dict[str, str] | None, Finished]:
    """Return who changed the section last and when, as git has it at the judged commit; None when git cannot say."""
    git = ["git", "-c", "safe.directory=*", "-C", bench.subject.monorepo]
    lines = f"-L{section.first},{section.last}"
    asked = bench.run([*git, "blame", "--line-porcelain", lines, bench.subject.commit, "--", file])
    names = re.findall(r"^author (.+)$", asked.stdout, re.MULTILINE)
    times = [int(second) for second in re.findall(r"^author-time (\d+)$", asked.stdout, re.MULTILINE)]
    if asked.exit != 0 or not names or len(names) != len(times):
        return None, asked
    second, name = max(zip(times, names, strict=True))
    return {"by": name, "at": datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d")}, asked
