"""Errors in what a release's containers wrote. The structured level is asked first; patterns only where there is none.

Pure: text in, findings out. A finding is ``{kind, text, count}``; the same message with other numbers is one finding,
a traceback is one finding.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Optional, Tuple

_ERRORS = {"error", "err", "critical", "crit", "fatal", "alert", "emerg", "emergency", "panic", "severe"}
_KNOWN = _ERRORS | {
    "trace",
    "debug",
    "info",
    "information",
    "notice",
    "log",
    "warn",
    "warning",
    "hint",
    "detail",
    "statement",
    "context",
}
_LEVEL_KEYS = ("level", "levelname", "severity", "lvl", "log.level")
_NUMERIC_ERROR = 50  # pino and bunyan: 50 is error, 60 fatal
_LOGFMT = re.compile(r'(?:^|\s)(?:level|lvl|severity)="?([A-Za-z]+)"?(?=\s|$)')
# What may stand before a level: times, process numbers, separators, and at most two plain words (host, logger).
_SEPARATORS = re.compile(r"[\s:|\[\](){}<>,]+|-(?=\s)|(?<=\s)-")
_PLAIN = re.compile(r"[A-Za-z_]+")
_TOKENS, _WORDS = 12, 2
_REDIS = re.compile(r"^\d+:[XCSM] \d+ \w{3} \d{4} [\d:.]+ ([.\-*#]) (.*)")
_REDIS_ERROR = re.compile(r"fatal|failed|can't|cannot|error (?!=)|bug report|crashed|panic|misconf", re.I)
_HTTP_ACCESS = re.compile(
    r'"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^"]*" \d{3}\b|\b(?:GET|HEAD|POST|PUT|PATCH|DELETE) /\S* \d{3}\b'
)
_BARE = re.compile(
    r"^(?:[\w./-]+: )?(?:(?:fatal|unhandled|uncaught)\b.{0,20}\b(?:error|exception)|(?:fatal )?error|fatal|panic): \S"
    r"|^(?:[A-Z]\w*(?:Error|Exception)): "
    r"|\bunhandled (?:exception|rejection)\b|\bsegmentation fault\b|\bout of memory\b|\bcore dumped\b",
    re.I,
)
_CHAIN = ("During handling of the above exception", "The above exception was the direct cause")
_TRACEBACK = "Traceback (most recent call last):"
# A server that is starting refuses clients by this line; it goes away by itself and says nothing about the release.
_PASSING = re.compile(r"the database system is (?:starting up|shutting down|not yet accepting connections)")
_TEXT_LIMIT = 300


def errors(text: str) -> List[Dict[str, Any]]:
    """Return what is an error in ``text``, in order of first appearance."""
    found: Dict[str, Dict[str, Any]] = {}
    for kind, line in _findings(text.splitlines()):
        key = fingerprint(line)
        if key in found:
            found[key]["count"] += 1
        else:
            found[key] = {"kind": kind, "text": line[:_TEXT_LIMIT], "count": 1}
    return list(found.values())


def fingerprint(line: str) -> str:
    """Return the message without its times, numbers, ids and quoted values."""
    line = re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?", "<time>", line)
    line = re.sub(r"'[^']*'|\"[^\"]*\"", "<value>", line)
    return re.sub(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+", "<n>", line)


def _findings(lines: List[str]) -> Iterator[Tuple[str, str]]:
    position = 0
    while position < len(lines):
        line = lines[position].strip()
        position += 1
        if line.endswith(_TRACEBACK):
            exception, position = _skip_traceback(lines, position)
            yield "traceback", exception
        elif line and not _PASSING.search(line):
            level, message = _level(line)
            if level in _ERRORS or (level is None and _looks_bad(line)):
                yield "level" if level else "pattern", message


def _skip_traceback(lines: List[str], position: int) -> Tuple[str, int]:
    """Return the exception that ends a traceback, and where reading goes on; chained tracebacks are one error."""
    position = _next_flush_left(lines, position)
    exception = lines[position].strip() if position < len(lines) else "Traceback without an end"
    position += 1
    after = _next_flush_left(lines, position)
    if after < len(lines) and lines[after].startswith(_CHAIN):
        begin = _next_flush_left(lines, after + 1)
        return _skip_traceback(lines, begin + 1)
    return exception, position


def _next_flush_left(lines: List[str], position: int) -> int:
    while position < len(lines) and (not lines[position].strip() or lines[position][0].isspace()):
        position += 1
    return position


def _level(line: str) -> Tuple[Optional[str], str]:
    """Return the level that the line itself states (small letters, or None when it states none), and its message."""
    if line.startswith("{"):
        structured = _json_level(line)
        if structured:
            return structured
    redis = _REDIS.match(line)
    if redis:
        return ("error" if redis[1] == "#" and _REDIS_ERROR.search(redis[2]) else "info"), redis[2]
    match = _LOGFMT.search(line)
    if match and match[1].lower() in _KNOWN:
        return match[1].lower(), line
    return _leading_level(line), line


def _leading_level(line: str) -> Optional[str]:
    """Return the level in capitals near the beginning of a line, if there is one."""
    words = 0
    for token in _SEPARATORS.split(line, maxsplit=_TOKENS)[:_TOKENS]:
        level = token.lower().rstrip("12345")
        if token.isupper() and level in _KNOWN:
            return level
        words += bool(_PLAIN.fullmatch(token))
        if words > _WORDS:
            break
    return None


def _json_level(line: str) -> Optional[Tuple[str, str]]:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    for key in _LEVEL_KEYS:
        value = record.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = "error" if value >= _NUMERIC_ERROR else "info"
        if isinstance(value, str) and value:
            return value.lower(), str(record.get("message") or record.get("msg") or record.get("event") or line)
    return None


def _looks_bad(line: str) -> bool:
    return not _HTTP_ACCESS.search(line) and bool(_BARE.search(line))
