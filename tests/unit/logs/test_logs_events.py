"""What is an error, what belongs together, and what is the same error again."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.log_classes import events

TRACEBACK = [
    "Traceback (most recent call last):",
    '  File "/app/a.py", line 3, in <module>',
    "    go()",
    "ValueError: no 7",
]


def errors(*lines: str) -> list[tuple[str, str, int]]:
    return [(one["severity"], one["exception"], one["count"]) for one in events.errors(lines)]


@pytest.mark.parametrize(
    "line",
    [
        "error=0",
        "errors: 0",
        "INFO ErrorHandler loaded",
        '10.0.0.1 - - [20/Nov/2026:15:38:13 +0000] "GET /error/page HTTP/1.1" 200 2 "-" "curl"',
        '{"level": "info", "msg": "Traceback (most recent call last):"}',
        "2026-11-20 10:00:00 UTC [7] FATAL:  the database system is starting up",
        "12:M 20 Nov 2026 15:32:00.567 # WARNING Memory overcommit must be enabled! It may fail.",
        "[WARNING]  (19) : Health check for server app/one failed, status: 1/2 UP.",
    ],
)
def test_what_grep_would_count_is_no_error(line: str):
    assert errors(line) == []


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('{"severity": "CRITICAL", "message": "gone"}', "critical"),
        ('{"level": 50, "msg": "refused"}', "error"),
        ('ts=1 level=error event="no disk"', "error"),
        ("E1120 15:38:12.123456 17 main.go:4] no disk", "error"),
        ("<3>kernel: no disk", "error"),
        ("2026-11-20 10:00:00 UTC [7] LOG:  server process (PID 9) was terminated by signal 9: Killed", "critical"),
        ("2026/11/20 15:38:08 [alert] 2#2: worker process 3 exited on signal 11", "critical"),
        ('10.0.0.1 - - [20/Nov/2026:15:38:13 +0000] "GET / HTTP/1.1" 502 2 "-" "curl"', "error"),
        ("carbon: cannot open /etc/carbon.toml", "error"),
    ],
)
def test_levels_of_every_form(line: str, level: str):
    assert [one[0] for one in errors(line)] == [level]


def test_a_traceback_is_one_error_with_its_exception():
    assert errors("starting", *TRACEBACK, "going on") == [("error", "ValueError", 1)]


def test_a_traceback_after_an_error_line_is_part_of_it_and_after_an_info_line_its_own():
    assert errors("2026-11-20 10:00:00,1 ERROR a: order failed", *TRACEBACK) == [("error", "ValueError", 1)]
    assert errors("2026-11-20 10:00:00,1 INFO a: starting", *TRACEBACK) == [("error", "ValueError", 1)]


def test_a_handled_exception_is_a_warning_unless_it_was_the_end():
    warned = "2026-11-20 10:00:00,1 WARNING a: will be tried again"
    assert errors(warned, *TRACEBACK, "2026-11-20 10:00:01,1 INFO a: done") == []
    assert errors(warned, *TRACEBACK) == [("error", "ValueError", 1)]


def test_chained_tracebacks_are_one_error_of_the_last():
    chained = [*TRACEBACK, "", "The above exception was the direct cause of the following exception:", ""]
    chained += [*TRACEBACK[:3], "app.Lost: gone"]
    assert errors(*chained, "after") == [("error", "app.Lost", 1)]


def test_the_rest_of_a_postgres_error_is_no_error_of_its_own():
    prefix = "2026-11-20 10:00:00 UTC [7] "
    lines = [
        f"{prefix}ERROR:  deadlock detected",
        f"{prefix}DETAIL:  ERROR 1",
        "\tError 2",
        f"{prefix}STATEMENT:  select error",
    ]
    assert errors(*lines) == [("error", "", 1)]


def test_the_same_error_with_other_numbers_is_one_and_another_missing_table_is_another():
    at = "2026-11-20 10:00:0{} UTC [{}] ERROR:  "
    assert errors(at.format(1, 7) + "timeout after 17 ms", at.format(2, 8) + "timeout after 99 ms") == [
        ("error", "", 2)
    ]
    assert (
        len(errors(at.format(1, 7) + 'relation "a" does not exist', at.format(1, 7) + 'relation "b" does not exist'))
        == 2
    )


def test_a_traceback_that_is_still_being_written_waits():
    lines = ["INFO one", "INFO two", *TRACEBACK[:3]]
    assert events.complete(lines) == 2
    assert events.complete([*lines, TRACEBACK[3], "INFO three"]) == 6


def test_a_traceback_cut_off_is_an_error():
    assert errors(*TRACEBACK[:2]) == [("error", "", 1)]


def test_nothing_is_nothing():
    assert events.errors([]) == []
    assert events.complete([]) == 0
