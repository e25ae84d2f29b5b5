"""Where the fields of the template stand in a MATURITY.md, however it is laid out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .document import Document, MaturityError, Section

STAGES = ("Development", "Staging", "Production")
CRITERIA = {
    "Staging": {
        "core-features": (r"core features?", "Core features complete (80%+)"),
        "unit-tests": (r"unit tests?", "Unit tests passing (≥70% coverage)"),
        "api": (r"\bapi\b", "API documented, no planned breaking changes"),
        "code-quality": (
            r"code quality|\blint|\bruff\b",
            "Passes lint (ruff), types (pyright), security (bandit)",
        ),
        "readme": (r"\breadme\b", "Component README with usage examples"),
        "dependencies": (r"\bdependencies\b", "Dependencies identified and stable"),
        "integration": (r"integrates|integrated|integration", "Integrates with dependent components in development"),
    },
    "Production": {
        "integration-tests": (r"integration tests?", "Integration tests passing (≥80% coverage)"),
        "performance": (r"\bperformance\b", "Performance meets SLAs"),
        "security-review": (r"\bsecurity\b|no critical", "Security review complete, no critical vulnerabilities"),
        "uptime": (r"\buptime\b", "7-day uptime in staging ≥99.5%"),
        "documentation": (
            r"user doc|documentation.*api|troubleshooting",
            "User documentation, API reference and troubleshooting guide",
        ),
        "monitoring": (r"health checks?|\bmetrics\b|\balerts\b", "Health checks, metrics and alerts configured"),
        "rollback": (r"\brollback\b", "Rollback procedure documented and tested"),
        "load": (r"\bload\b", "Handles expected production load"),
    },
}
"""Criterion, by the stage that it leads to: how its box is recognised, and its text where the file has none."""

_TITLES = {
    "Staging": re.compile(r"development\s*(?:→|->|=>|to)\s*staging", re.IGNORECASE),
    "Production": re.compile(r"staging\s*(?:→|->|=>|to)\s*production", re.IGNORECASE),
}
HEADINGS = {"Staging": "## Development → Staging", "Production": "## Staging → Production"}
_HISTORY_TITLE = re.compile(r"promotion history", re.IGNORECASE)
_NEXT_TITLE = re.compile(r"next steps", re.IGNORECASE)
_BOX = re.compile(r"(?P<lead>\s*[-*+]\s+\[)(?P<tick>[ xX])(?P<rest>\]\s+)(?P<text>.*?)\s*$")
_WORD = re.compile(r"\s*\(your word: (?P<by>.*), (?P<at>\d{4}-\d{2}-\d{2})\)$")
_WAIVED = re.compile(
    r"\s*\(waived until (?P<until>\d{4}-\d{2}-\d{2}) by (?P<by>.*?): (?P<reason>.*?)\)(?=\s*\(waived until |$)"
)
_ALL_WAIVED = re.compile(r"\s*\(waived until \d{4}-\d{2}-\d{2} by .*\)$")
EARLIEST = re.compile(r"earliest production promotion: (?P<date>\d{4}-\d{2}-\d{2})", re.IGNORECASE)


@dataclass(frozen=True)
class Box:
    """A check box of a criterion, at ``index``; ``word`` is (name, date) of who vouches for it.

    ``waived``: (until, by, reason) of each waiver that the box names.
    """

    index: int
    lead: str
    ticked: bool
    rest: str
    text: str
    word: tuple[str, str] | None
    waived: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Field:
    """A ``**Label**: value`` line; ``before`` is everything up to the value."""

    index: int
    before: str
    value: str


def field(document: Document, label: str, start: int = 0, stop: int | None = None) -> list[Field]:
    """The lines with this label, in order."""
    pattern = re.compile(
        rf"(?P<before>\s*(?:[-*+>]\s+)?(?:\*\*|__)?{label}(?:\*\*|__)?\s*:(?:\*\*|__)?[ \t]*)(?P<value>.*?)\s*$",
        re.IGNORECASE,
    )
    return [
        Field(index, match["before"], match["value"])
        for index, text in document.live(start, stop)
        if (match := pattern.match(text))
    ]


def header(document: Document, label: str, name: str) -> Field | None:
    """The one header field with this label; ``MaturityError`` when there are two."""
    found = field(document, label)
    if len(found) > 1:
        lines = " and ".join(str(each.index + 1) for each in found)
        raise MaturityError(f"{name} has two fields {label} (lines {lines})", "one", f"remove one from {name}")
    return found[0] if found else None


def criteria_section(document: Document, name: str, stage: str = "Staging") -> Section | None:
    """The section with the seven boxes to staging, or the eight to production."""
    return _one_section(document, _TITLES[stage], name)


def history_section(document: Document, name: str) -> Section | None:
    """The section with the promotions."""
    return _one_section(document, _HISTORY_TITLE, name)


def promotions_section(document: Document, history: Section) -> Section | None:
    """The part of the history that the template calls "Promotions"."""
    inside = [one for one in document.sections() if history.start < one.start < history.stop]
    return next((one for one in inside if re.fullmatch(r"promotions", one.title.strip(), re.IGNORECASE)), None)


def next_section(document: Document, name: str) -> Section | None:
    """The section with what comes next."""
    return _one_section(document, _NEXT_TITLE, name)


def boxes(document: Document, section: Section, stage: str = "Staging") -> tuple[dict[str, Box], list[int]]:
    """(box of each criterion, indexes of all boxes of the section)."""
    known = CRITERIA[stage]
    found: dict[str, Box] = {}
    indexes: list[int] = []
    for index, line in document.live(section.start, section.stop):
        match = _BOX.match(line)
        if not match:
            continue
        indexes.append(index)
        waived = _waived(match["text"])
        whole = _ALL_WAIVED.sub("", match["text"])
        word = _WORD.search(whole)
        text = _WORD.sub("", whole)
        criterion = next((key for key, (how, _) in known.items() if re.search(how, text, re.IGNORECASE)), None)
        if criterion and criterion not in found:
            signed = (word["by"], word["at"]) if word else None
            found[criterion] = Box(index, match["lead"], match["tick"] != " ", match["rest"], text, signed, waived)
    return found, indexes


def _waived(text: str) -> tuple[tuple[str, str, str], ...]:
    ending = _ALL_WAIVED.search(text)
    found = _WAIVED.finditer(ending[0]) if ending else ()
    return tuple((match["until"], match["by"], match["reason"]) for match in found)


def _one_section(document: Document, title: re.Pattern[str], name: str) -> Section | None:
    found = [section for section in document.sections() if title.search(section.title)]
    if len(found) > 1:
        lines = " and ".join(str(section.start + 1) for section in found)
        raise MaturityError(
            f"{name} has the section {found[0].title!r} twice (lines {lines})", "one", f"remove one from {name}"
        )
    return found[0] if found else None
