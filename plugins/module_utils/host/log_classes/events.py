"""Reads lines into events: one for a line, a traceback, a crash report, with all that belongs to it."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional

from . import fingerprints, services, single, tracebacks

TEXT_LIMIT = 300
_REPORT_END = "=== REDIS BUG REPORT END"
_REDIS_LINE = re.compile(r"^\d+:[XCSM] \d+ \w{3} \d{4} ")
_REDIS_REST = re.compile(
    r"^(?:\[(?:offset \d+|info|additional info)\]|--- RDB ERROR|Reading the configuration file|>>> |argument )"
)
_FUTURE = "future: <"


class Event(NamedTuple):
    """`level`: critical, error, warning or info; `first` and `after`: its lines, as positions."""

    level: str
    kind: str
    exception: str
    text: str
    first: int
    after: int


def errors(lines: Iterable[str]) -> List[Dict[str, Any]]:
    """Return what is an error, by fingerprint, in order of first appearance.

    Each is `{fingerprint, severity, kind, exception, text, count, first}`; `first` is the position of its first line.
    """
    found: Dict[str, Dict[str, Any]] = {}
    for event in read(lines):
        if event.level not in ("error", "critical"):
            continue
        name = fingerprints.fingerprint(event.kind, event.exception, event.text)
        if name in found:
            found[name]["count"] += 1
            continue
        found[name] = {
            "fingerprint": name,
            "severity": event.level,
            "kind": event.kind,
            "exception": event.exception,
            "text": event.text[:TEXT_LIMIT],
            "count": 1,
            "first": event.first,
        }
    return list(found.values())


def of_text(text: str) -> List[Dict[str, Any]]:
    """Return the errors in a text, as `errors` does."""
    return errors(text.splitlines())


def complete(lines: List[str]) -> int:
    """Return how many lines may be judged now: an event at the end may still be being written."""
    last = 0
    for event in read(lines):
        last = event.first
    return last


def read(lines: Iterable[str]) -> Iterator[Event]:
    """Return all events, whatever their level."""
    plain = [services.plain(line.rstrip("\r\n")) for line in lines]
    position = 0
    while position < len(plain):
        event = _one(plain, position)
        position = event.after
        yield event


def _one(lines: List[str], position: int) -> Event:
    line = lines[position]
    if tracebacks.begins(line):
        exception, after = tracebacks.read(lines, position)
        name, text = single.split(exception)
        return Event("error", "traceback", name, text or exception or "a traceback without an end", position, after)
    level, kind, text, exception = single.judged(line)
    after = position + 1
    if line.startswith("=== REDIS BUG REPORT START"):
        return Event(level, kind, "", text, position, _crash_report(lines, after))
    after = _rest(lines, after, kind)
    head = after + 1 if after < len(lines) and lines[after].startswith(_FUTURE) else after
    if head < len(lines) and tracebacks.begins(lines[head]) and (level in _OPEN or head > after):
        raised, after = tracebacks.read(lines, head)
        exception = single.split(raised)[0] or exception
        if level == "warning" and not any(each.strip() for each in lines[after:]):
            level = "error"  # nothing came after it: this was no handled exception, this was the end
    elif level in _OPEN and after < len(lines) and kind == "level" and _orphan(lines[after]):
        after += 1  # exc_info of an exception that was never raised has no traceback
    return Event(level, kind, exception, text, position, after)


# What a traceback that follows belongs to; after anything quieter it stands for itself.
_OPEN = ("warning", "error", "critical")


def _rest(lines: List[str], after: int, kind: str) -> int:
    """Return where the lines end that belong to the one before them by their form."""
    while after < len(lines):
        line = lines[after]
        if tracebacks.begins(line):
            break
        own: Optional[services.Line] = services.postgres(line)
        indented = line[:1] in (" ", "\t") and line.strip()
        if not (own and own.continues) and not indented and not (kind == "redis" and _REDIS_REST.match(line)):
            break
        after += 1
    return after


def _crash_report(lines: List[str], after: int) -> int:
    while after < len(lines) and not lines[after].startswith(_REPORT_END):
        after += 1
    while after < len(lines) and not _REDIS_LINE.match(lines[after]):
        after += 1
    return after


def _orphan(line: str) -> bool:
    found = tracebacks.EXCEPTION.match(line)
    return bool(found) and found[1].rpartition(".")[2].endswith(("Error", "Exception", "Warning"))  # type: ignore[index]
