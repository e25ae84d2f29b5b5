"""The level that a line states about itself: as JSON, as logfmt, or in front of its message."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, NamedTuple, Optional

CRITICAL = frozenset(("critical", "crit", "fatal", "alert", "emerg", "emergency", "panic", "severe"))
ERRORS = CRITICAL | frozenset(("error", "err", "failure"))
WARNINGS = frozenset(("warn", "warning"))
_QUIET = frozenset(("trace", "debug", "info", "information", "notice", "log", "success", "verbose", "diag", "fine"))
KNOWN = ERRORS | WARNINGS | _QUIET

_LEVEL_KEYS = ("level", "levelname", "severity", "lvl", "log.level", "loglevel", "status")
_MESSAGE_KEYS = ("message", "msg", "event", "error")
_TRACE_KEYS = ("exc_info", "exception", "stack", "stack_trace", "traceback")
_NUMERIC_ERROR, _NUMERIC_FATAL, _NUMERIC_WARNING = 50, 60, 40  # pino and bunyan; Python's own numbers are smaller
_LOGFMT = re.compile(r'(?:level|lvl|severity)="?([A-Za-z]+)"?(?=\s|$)')
_PAIR = re.compile(r'(?:^|\s)[A-Za-z_][\w.]*=(?:"(?:[^"\\]|\\.)*"|\S*)')
_GLOG = re.compile(r"^([IWEF])\d{4} \d\d:\d\d:\d\d")
_SYSLOG = re.compile(r"^<(\d{1,3})>")
# What may stand before a level: times, process numbers, separators, and at most two plain words (host, logger).
_SEPARATORS = re.compile(r"[\s:|\[\](){}<>,]+|-(?=\s)|(?<=\s)-")
_BRACKETED = re.compile(r"^[^\[\"']{0,40}\[([a-z]+) *\] ")
_PLAIN = re.compile(r"[A-Za-z_]+")
_TOKENS, _WORDS = 12, 2


class Stated(NamedTuple):
    """A level in small letters (None: the line states none), the message, and a trace that is part of the line."""

    level: Optional[str]
    message: str
    trace: str = ""


def stated(line: str) -> Stated:
    """Return what a line says of its own level."""
    if line.startswith("{"):
        found = _json(line)
        if found:
            return found
    first = _GLOG.match(line)
    if first:
        return Stated({"I": "info", "W": "warning", "E": "error", "F": "fatal"}[first[1]], line)
    syslog = _SYSLOG.match(line)
    if syslog:
        return Stated(
            ("emerg", "alert", "crit", "error", "warning", "notice", "info", "debug")[int(syslog[1]) & 7], line
        )
    return Stated(_logfmt(line) or _leading(line), line)


def _logfmt(line: str) -> Optional[str]:
    """Return the level of a line made of key=value, looking at whole values only."""
    for pair in _PAIR.finditer(line):
        level = _LOGFMT.fullmatch(pair[0].strip())
        if level and level[1].lower() in KNOWN:
            return level[1].lower()
    return None


def _leading(line: str) -> Optional[str]:
    """Return the level near the beginning of a line: in capitals, or alone in brackets."""
    bracketed = _BRACKETED.match(line)
    if bracketed and bracketed[1] in KNOWN:
        return bracketed[1]
    words = 0
    for token in _SEPARATORS.split(line, maxsplit=_TOKENS)[:_TOKENS]:
        level = token.lower().rstrip("12345")
        if token.isupper() and level in KNOWN:
            return level
        words += bool(_PLAIN.fullmatch(token))
        if words > _WORDS:
            break
    return None


def _json(line: str) -> Optional[Stated]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    message = next((str(record[key]) for key in _MESSAGE_KEYS if record.get(key)), line)
    return Stated(_json_level(record), message, _json_trace(record))


def _json_level(record: Dict[str, Any]) -> Optional[str]:
    for key in _LEVEL_KEYS:
        value = record.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and key != "status":
            return "fatal" if value >= _NUMERIC_FATAL else "error" if value >= _NUMERIC_ERROR else _below(value)
        if isinstance(value, str) and value.lower() in KNOWN:
            return value.lower()
    return "info"  # a structured line that states no level that anybody knows is none of an error


def _below(value: float) -> str:
    return "warning" if value >= _NUMERIC_WARNING else "info"


def _json_trace(record: Dict[str, Any]) -> str:
    for key in _TRACE_KEYS:
        value = record.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, list) and value and isinstance(value[0], dict):  # structlog's dict_tracebacks
            return "{}: {}".format(value[-1].get("exc_type", ""), value[-1].get("exc_value", ""))
    return ""
