"""Which log lines are errors. Each line is one that a real program writes."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.logs import errors

FINE = [
    "requests=812 error=0 p95=14ms",
    "compaction done, errors: 0",
    "INFO:     Started server process [1]",
    "2026-11-20 08:45:01,123 INFO ErrorHandler loaded",
    "ErrorHandler loaded",
    '127.0.0.1 - - [20/Nov/2026:08:45:01 +0000] "GET /error/page HTTP/1.1" 200 512',
    "GET /error/page 200",
    '127.0.0.1 - - [20/Nov/2026:08:45:01 +0000] "GET /search?q=out of memory HTTP/1.1" 200 512',
    '{"level": "info", "message": "error budget at 100 %"}',
    '{"level": 30, "msg": "no error: all fine"}',
    'ts=2026-11-20T08:45:01Z level=info msg="last error: none"',
    "2026-11-20 08:45:01.123 UTC [1] LOG:  database system is ready to accept connections",
    "2026-11-20 08:45:01.123 UTC [33] FATAL:  the database system is starting up",
    "2026-11-20 08:45:01.123 UTC [1] LOG:  redo done; error recovery complete",
    "1:M 20 Nov 2026 08:45:01.123 * Ready to accept connections tcp",
    "1:M 20 Nov 2026 08:45:01.123 # WARNING Memory overcommit must be enabled!",
    "1:C 20 Nov 2026 08:45:01.123 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
    "WARNING: This is a development server.",
    "DEBUG error: retried and worked",
    "0 errors, 0 warnings",
    "errors=0 failed=0",
    "",
]
BAD = [
    "ERROR:root:cannot reach redis",
    "ERROR:    Application startup failed. Exiting.",
    "2026-11-20 08:45:01,123 ERROR carbon: no database",
    "2026-11-20 08:45:01,123 - carbon - ERROR - no database",
    "[2026-11-20 08:45:01 +0000] [7] [ERROR] Worker failed to boot.",
    "[ERROR] no database",
    '{"level": "error", "message": "no database"}',
    '{"levelname": "CRITICAL", "message": "no database"}',
    '{"severity": "ERROR", "msg": "no database"}',
    '{"level": 50, "msg": "no database"}',
    'time="2026-11-20T08:45:01Z" level=fatal msg="no database"',
    '2026-11-20 08:45:01.123 UTC [33] FATAL:  password authentication failed for user "carbon"',
    '2026-11-20 08:45:01.123 UTC [33] ERROR:  relation "samples" does not exist at character 15',
    "2026-11-20 08:45:01.123 UTC [1] PANIC:  could not write to file",
    "1:M 20 Nov 2026 08:45:01.123 # Fatal error, can't open config file '/etc/redis.conf'",
    "1:M 20 Nov 2026 08:45:01.123 # Failed opening the RDB file dump.rdb",
    "panic: runtime error: invalid memory address",
    "Error: listen EADDRINUSE: address already in use :::8080",
    "fatal: no database",
    "ValueError: no database",
    "CRITICAL no database",
]


@pytest.mark.parametrize("line", FINE)
def test_line_is_no_error(line: str) -> None:
    assert errors(line) == []


@pytest.mark.parametrize("line", BAD)
def test_line_is_an_error(line: str) -> None:
    assert len(errors(line)) == 1


def test_a_traceback_is_one_error_named_by_its_exception() -> None:
    text = """\
INFO: begins
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    raise KeyError("x")
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in <module>
    main()
ValueError: no database
INFO: goes on
"""
    assert errors(text) == [{"kind": "traceback", "text": "ValueError: no database", "count": 1}]


def test_the_same_error_with_other_numbers_is_counted_and_shown_once() -> None:
    text = "\n".join(
        f"2026-11-20 08:45:{second} ERROR request 0x{second}ff of 'user{second}' failed" for second in (10, 11, 12)
    )
    (found,) = errors(text)
    assert found["count"] == 3


def test_two_errors_are_two() -> None:
    assert len(errors("ERROR: no database\nERROR: no cache")) == 2
