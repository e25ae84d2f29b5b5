"""What a Markdown page must have to be of use: `require` of the indicator `document`.

`words` on the page at least; `linked_from` a page that links to it; `links` whose targets are all in the commit;
`complete`: no section without content, no placeholder; `sections`, each with a `title` (a pattern) and what it `has`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .bench import Bench
from .errors import DefinitionError
from .links import followed, leads_to
from .markdown import Page, Section
from .tokens import check_tokens, expand

KEYS = ("words", "linked_from", "links", "complete", "sections")
HAS = {"commands": "no block of commands", "steps": "no list of steps", "check-list": "no check list (- [ ] …)"}
_PLACEHOLDER = re.compile(r"\b(TODO|TBD|FIXME|lorem ipsum|coming soon|to be (?:written|done|defined))\b", re.IGNORECASE)


@dataclass(frozen=True)
class Required:
    """What came of the requirements: sentences about what is missing, or one about what could not be looked at."""

    looked: list[str]
    findings: list[str]
    problem: str = ""


def check_pattern(pattern: Any, where: str) -> None:
    """Raise `DefinitionError` for what is no pattern for a heading."""
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise DefinitionError(where, f"is {pattern!r}: {error}", "a regular expression") from error
    if not pattern:
        raise DefinitionError(where, "is empty", "a pattern for a heading")


def check(require: Any, where: str) -> None:
    """Raise `DefinitionError` for requirements that cannot be right."""
    if not isinstance(require, dict) or not {*require} <= {*KEYS}:
        raise DefinitionError(where, f"is {require!r}", f"a mapping with some of {', '.join(KEYS)}")
    words = require.get("words", 1)
    if not isinstance(words, int) or isinstance(words, bool) or words < 1:
        raise DefinitionError(f"{where}.words", f"is {words!r}", "a number of words, 1 or more")
    for key in ("links", "complete"):
        if not isinstance(require.get(key, True), bool):
            raise DefinitionError(f"{where}.{key}", f"is {require[key]!r}", "true or false")
    check_tokens([require.get("linked_from", "")], f"{where}.linked_from")
    sections = require.get("sections", [])
    for section in sections if isinstance(sections, list) else [None]:
        if not isinstance(section, dict) or not {*section} <= {"title", "has"} or "title" not in section:
            raise DefinitionError(f"{where}.sections", f"is {sections!r}", "a list of mappings {title: …, has: […]}")
        check_pattern(section["title"], f"{where}.sections.title")
        if not isinstance(section.get("has", []), list) or not {*section.get("has", [])} <= {*HAS}:
            raise DefinitionError(f"{where}.sections.has", f"is {section['has']!r}", f"a list of {', '.join(HAS)}")


def unmet(page: Page, document: Mapping[str, Any], require: Mapping[str, Any], bench: Bench) -> Required:
    """Compare a page with what is required of it; `document` is what the indicator knows about the page."""
    file, findings, looked = document["file"], [], [document["file"]]
    if document["words"] < require.get("words", 0):
        findings.append(f"{file} has {document['words']} words, {require['words']} or more are wanted")
    if require.get("links"):
        findings += document["broken"]
    if require.get("complete"):
        findings += _incomplete(page, file)
    for wanted in require.get("sections", ()):
        findings += _section(page, file, wanted["title"], wanted.get("has", ()))
    if require.get("linked_from"):
        source = expand([require["linked_from"]], *bench.tokens())[0]
        looked.append(source)
        try:
            text = (bench.subject.export / source).read_text(encoding="utf-8")
        except FileNotFoundError:
            return Required(looked, [*findings, f"{source}, which should link to {file}, is not in the commit"])
        except (OSError, UnicodeDecodeError) as error:
            return Required(looked, [], f"{source} cannot be read as text: {' '.join(str(error).split())}")
        if not leads_to(followed(Page(text), source, bench.subject.export), file):
            findings.append(f"{source} does not link to {file}")
    return Required(looked, findings)


def _incomplete(page: Page, file: str) -> list[str]:
    empty = [f"{file}:{one.first}: {one.title!r} is empty" for one in page.sections() if not page.words(one)]
    left = [
        f"{file}:{line}: {match[0]!r} was left in"
        for line, text in page.prose()
        if (match := _PLACEHOLDER.search(text))
    ]
    return empty + left


def _section(page: Page, file: str, title: str, has: Any) -> list[str]:
    section = page.section(title)
    if section is None:
        return [f"{file} has no section that fits {title!r}"]
    where = f"{file}:{section.first}: {section.title!r}"
    return [f"{where} has {HAS[what]}" for what in has if not _has(page, section, what)]


def _has(page: Page, section: Section, what: str) -> bool:
    if what == "commands":
        return any(section.first <= block.line <= section.last and block.text.strip() for block in page.code())
    return bool(page.steps(section) if what == "steps" else page.check_list(section))
