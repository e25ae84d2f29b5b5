"""How single services write: PostgreSQL, Redis, HAProxy, nginx, and access lines of any of them.

Each function returns what the line is, or None when it is not of that service's form.
"""

from __future__ import annotations

import re
from typing import Callable, NamedTuple, Optional, Tuple


class Line(NamedTuple):
    """`level`: critical, error, warning or info. `continues`: belongs to what stands before it, whatever that is."""

    kind: str
    level: str
    message: str
    continues: bool = False


_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_POSTGRES = re.compile(
    r"^(?:\S.*\s)?(LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG|DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION)"
    r":  (?! )(.*)"
)
_POSTGRES_REST = ("DETAIL", "HINT", "CONTEXT", "STATEMENT", "QUERY", "LOCATION")
# A server that starts or stops refuses and ends sessions; it goes away by itself and says nothing about the release.
_PASSING = re.compile(
    r"the database system is (?:starting up|shutting down|not yet accepting connections|in recovery mode)"
    r"|terminating connection due to administrator command|terminating connection because of crash"
)
_POSTGRES_LOG = re.compile(
    r"^(?:server|startup|archiver|checkpointer|background writer|autovacuum) process .*"
    r"(?:terminated by (?:signal|exception)|exited with exit code [1-9])"
    r"|^configuration file .* contains errors|^invalid value for parameter|^archive command failed"
    r"|^could not (?:write|fsync|open) "
)
_POSTGRES_CRASH = re.compile(r"terminated by (?:signal|exception)")
_REDIS = re.compile(r"^\d+:([XCSM]) \d+ \w{3} \d{4} [\d:.]+ ([.\-*#]) (.*)")
_REDIS_ERROR = re.compile(
    r"\b(?:fatal|failed|failure|can't|cannot|could not|unable|unrecoverable|abort(?:ing|ed)|crashed|panic|misconf"
    r"|corrupt\w*|denied|out of memory|oom|short read|bad file format|security attack|wrong (?:signature|type)|lost)\b"
    r"|\berrors?\b(?! ?[=:] ?0)",
    re.I,
)
_REDIS_QUIET = re.compile(r"^WARNING |\bno errors?\b|\berrors? ?[=:] ?0\b|\bwithout errors?\b", re.I)
_HAPROXY = re.compile(r"^\[(NOTICE|WARNING|ALERT|DEBUG|DIAG) *\] +(?:\d+/\d+ +)?\(\d+\) : (.*)")
_HAPROXY_DOWN = re.compile(
    r"^(?:Backup )?Server \S+/\S+ is (?:DOWN|going DOWN)\b|^(?:backend|proxy) \S+ has no server available", re.I
)
_HAPROXY_STOPPED = re.compile(r"exited with code (?:0|130|143)\b")
_NGINX = re.compile(r"^(?:\d{4}/\d\d/\d\d [\d:]+|nginx:) \[(\w+)\] (?:\d+#\d+: )?(?:\*\d+ )?(.*)")
_ACCESS = (
    re.compile(r'\[\d\d/\w{3}/\d{4}[: ][\d:]+[^\]]*\] "([^"]*)" (\d{3})\b'),
    re.compile(r'- "([A-Z]+ \S+ HTTP/[\d.]+)" (\d{3})\b'),
    re.compile(r"\[\d\d/\w{3}/\d{4}:[\d:.]+\] (\S+ \S+/\S+) [-+\d]+(?:/[-+\d]+){2,4} (\d{3}) "),  # HAProxy's httplog
)


def plain(line: str) -> str:
    """Return the line without colours."""
    return _ANSI.sub("", line)


def access(line: str) -> Optional[Line]:
    """A request that was answered: an error when with 5xx, whatever level the logger gives the line."""
    for form in _ACCESS:
        found = form.search(line)
        if found:
            return Line("answer", "error" if found[2].startswith("5") else "info", f"{found[1]} {found[2]}")
    return None


def postgres(line: str) -> Optional[Line]:
    """`prefix SEVERITY:  message`, where the prefix is whatever log_line_prefix says."""
    if line.startswith("\t"):
        return Line("postgres", "info", line, continues=True)
    found = _POSTGRES.match(line)
    if not found:
        return None
    severity, message = found[1], found[2]
    if severity in _POSTGRES_REST:
        return Line("postgres", "info", message, continues=True)
    if severity == "LOG":
        bad = _POSTGRES_LOG.match(message)
        return Line(
            "postgres", ("critical" if _POSTGRES_CRASH.search(message) else "error") if bad else "info", message
        )
    if _PASSING.search(message):
        return Line("postgres", "info", message)
    level = {"PANIC": "critical", "FATAL": "error", "ERROR": "error", "WARNING": "warning"}.get(severity, "info")
    return Line("postgres", level, message)


def redis(line: str) -> Optional[Line]:
    """`pid:role time mark message`; only the mark # is above notice, and it says no more than that."""
    found = _REDIS.match(line)
    if found:
        bad = found[2] == "#" and _REDIS_ERROR.search(found[3]) and not _REDIS_QUIET.search(found[3])
        return Line("redis", "error" if bad else "info", found[3])
    if line.startswith(("*** FATAL CONFIG FILE ERROR", "=== REDIS BUG REPORT START")):
        return Line("redis", "critical", line)
    return None


def haproxy(line: str) -> Optional[Line]:
    """`[LEVEL] (pid) : message`; a server that goes down is a warning to HAProxy and an error to whoever runs it."""
    found = _HAPROXY.match(line)
    message = found[2] if found else line
    if _HAPROXY_DOWN.match(message):
        return Line("haproxy", "error", message)
    if not found:
        return None
    if found[1] == "ALERT":
        return Line("haproxy", "info" if _HAPROXY_STOPPED.search(message) else "critical", message)
    return Line("haproxy", "warning" if found[1] == "WARNING" else "info", message)


def nginx(line: str) -> Optional[Line]:
    """`time [level] pid#tid: *connection message`."""
    found = _NGINX.match(line)
    if not found:
        return None
    levels = {"emerg": "critical", "alert": "critical", "crit": "critical", "error": "error", "warn": "warning"}
    return Line("nginx", levels.get(found[1], "info"), found[2])


FORMS: Tuple[Callable[[str], Optional[Line]], ...] = (access, postgres, redis, haproxy, nginx)
