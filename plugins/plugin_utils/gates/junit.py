"""Reads the JUnit report that pytest writes. Only the number of each outcome and the names of what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

COLLECTION = "collection failure"


@dataclass(frozen=True)
class Outcomes:
    """How many tests ended how, and one line each for failures, and for files that could not be collected."""

    passed: int
    failed: int
    skipped: int
    failures: tuple[str, ...]
    uncollected: tuple[str, ...]


def read(text: str) -> Outcomes:
    """Return the outcomes of a report; raises `ValueError` when it is none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("the test report declares entities")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  entities are refused above
    except ElementTree.ParseError as error:
        raise ValueError(f"the test report cannot be read: {error}") from error
    if root.tag not in ("testsuites", "testsuite"):
        raise ValueError(f"the test report cannot be read: it is a <{root.tag[:40]}>, no <testsuites>")
    passed = skipped = 0
    failures, uncollected = [], []
    for case in root.iter("testcase"):
        bad = [*case.findall("failure"), *case.findall("error")]
        if any(part.get("message") == COLLECTION for part in bad):
            uncollected.append(f"{_name(case)} could not be imported: {_reason(bad)}")
        elif bad:
            failures.append(f"{_name(case)}: {(bad[0].get('message') or 'failed').splitlines()[0][:160]}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return Outcomes(passed, len(failures), skipped, tuple(failures), tuple(uncollected))


def _name(case: ElementTree.Element) -> str:
    return ".".join(part for part in (case.get("classname"), case.get("name")) if part)


def _reason(bad: list[ElementTree.Element]) -> str:
    """Return the exception in a collection error: the last of the lines that pytest marks with `E`."""
    lines = [line for part in bad for line in (part.text or "").splitlines() if line.strip()]
    marked = [line[1:].strip() for line in lines if line.startswith("E ")]
    return next(_last(marked or lines), "no reason given")[:200]


def _last(lines: list[str]) -> Iterator[str]:
    yield from reversed(lines)
