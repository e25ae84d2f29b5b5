"""Reads a gate's raw output again and compares the document that was made of it, as far as that takes no tool."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from . import coverage, junit

# The folder in which the gates ran, which documents leave out: with usual names around it, or with any in a text.
_EXPORT = (
    re.compile(rb"(?:/[\w.+-]+)*/tta-gates-[\w.+-]+/export/"),
    re.compile(rb'/[^"\n]*?/tta-gates-[^/"\n]+/export/'),
)
MOST_FOLDERS = 8


def disagreements(indicator: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """Return a sentence for everything in a gate's `document.json` that its raw output does not bear out.

    Looked at are the standard output of a command that prints JSON, JUnit's report and coverage's. Raises `ValueError`,
    `KeyError` or `TypeError` when a report is none.
    """
    document = json.loads(files["document.json"])
    if not isinstance(document, dict):
        return []
    found = _of_command(document, files) if indicator.get("type") == "command" and not indicator.get("parse") else []
    if "junit.xml" in files and "ran" in document:
        found += _of_tests(document, files["junit.xml"].decode())
    covered = (document.get("coverage") or {}) if "coverage.json" in files else {}
    again = coverage.summary(json.loads(files["coverage.json"])) if covered else {}
    wrong = [key for key, value in again.items() if covered.get(key) != value]
    return [*found, f"its coverage ({', '.join(wrong)}) is not that of coverage.json"] if wrong else found


def _of_command(document: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    commands = json.loads(files["command.json"])
    if not commands or "out" not in document:
        return []
    printed = files["stdout"][len(files["stdout"]) - commands[-1]["stdout_bytes"] :]
    found = []
    if all(json.loads(printed.replace(folder, b"")) != document["out"] for folder in _folders(printed)):
        found.append("its `out` is not what the command printed")
    if commands[-1]["exit"] != document.get("exit", commands[-1]["exit"]):
        found.append("its exit code is not the command's")
    return found


def _folders(printed: bytes) -> list[bytes]:
    """Return the folders that may have been left out; the first stands for none."""
    found = {match[0] for pattern in _EXPORT for match in pattern.finditer(printed)}
    return [b"\0", *sorted(found)[:MOST_FOLDERS]]


def _of_tests(document: Mapping[str, Any], report: str) -> list[str]:
    outcomes = junit.read(report)
    numbers = {"passed": outcomes.passed, "failed": outcomes.failed, "skipped": outcomes.skipped}
    wrong = [key for key, number in numbers.items() if document.get(key) != number]
    return [f"its numbers of tests ({', '.join(wrong)}) are not those of junit.xml"] if wrong else []
