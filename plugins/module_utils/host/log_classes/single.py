"""What one line is by itself: its level, its kind, its message."""

from __future__ import annotations

from typing import Tuple

from . import levels, patterns, services, tracebacks


def judged(line: str) -> Tuple[str, str, str, str]:
    """Return (level, kind, message, exception) of one line."""
    for form in services.FORMS:
        found = form(line)
        if found:
            return ("info" if found.continues else found.level), found.kind, found.message, ""
    stated = levels.stated(line)
    if stated.level is not None:
        exception = split(_last(stated.trace))[0] if stated.trace else ""
        return _graded(stated.level), "level", stated.message, exception
    if patterns.looks_bad(line):
        return "error", "pattern", line.strip(), split(line)[0]
    return "info", "text", line.strip(), ""


def _graded(level: str) -> str:
    if level in levels.CRITICAL:
        return "critical"
    return "error" if level in levels.ERRORS else "warning" if level in levels.WARNINGS else "info"


def split(exception: str) -> Tuple[str, str]:
    """Return the exception's class and message."""
    found = tracebacks.EXCEPTION.match(exception)
    return (found[1], found[2].strip()) if found else ("", exception)


def _last(trace: str) -> str:
    written = [line for line in trace.splitlines() if line.strip()]
    return written[-1].strip() if written else ""
