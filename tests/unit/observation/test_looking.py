"""One look: up is what a user gets, within a time, as the catalogue expects it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import log_lines, looking, reading, usage
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.looking import Seen

REQUEST = {"url": "http://127.0.0.1:1/health"}


def answered(answer: dict[str, Any], expect: str | None = "status == 'ok'") -> Seen:
    seen = Seen("up")
    whole = {"ok": True, "status": 200, "body": '{"status": "ok"}', "ms": 12.5, "error": None, **answer}
    looking._answered(seen, REQUEST, expect, lambda _: whole)
    return seen


def test_an_answer_as_expected_is_up_with_its_time() -> None:
    assert answered({}) == Seen("up", ms=12.5)


@pytest.mark.parametrize(
    ("answer", "expect", "state", "reason"),
    [
        ({"body": '{"status": "down"}'}, "status == 'ok'", "down", "status == 'ok' gives false"),
        ({"body": '{"status": "down"}'}, None, "down", "'down'"),
        ({"ok": False, "status": 302, "error": "HTTP 302"}, None, "down", "leads elsewhere"),
        ({"ok": False, "status": 500, "error": "HTTP 500"}, None, "down", "gives HTTP 500"),
        ({"ok": False, "status": None, "error": "no answer in time"}, None, "down", "no answer in time"),
        ({"body": "<html>"}, "status == 'ok'", "down", "not JSON"),
        ({}, "length(status) > `1`", "unknown", "cannot judge"),
    ],
)
def test_anything_else_is_not(answer: dict[str, Any], expect: str | None, state: str, reason: str) -> None:
    seen = answered(answer, expect)
    assert seen.state == state
    assert reason in seen.reason


def test_an_answer_that_never_ends_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_HARD_S", 0.05)
    go, seen = threading.Event(), Seen("up")

    def drips(_: dict[str, Any]) -> dict[str, Any]:
        go.wait(10)
        return {"ok": True, "status": 200, "body": "{}", "ms": 1.0, "error": None}

    looking._answered(seen, REQUEST, None, drips)
    go.set()
    assert (seen.state, seen.ms) == ("down", None)
    assert "no whole answer within" in seen.reason


def test_without_the_engine_the_service_itself_is_asked() -> None:
    good = {"ok": True, "status": 200, "body": "{}", "ms": 3.0, "error": None}
    bad = {**good, "ok": False, "error": "connection refused"}
    seen = looking._without_engine(Seen("up"), None, REQUEST, lambda _: good, "Docker does not answer")
    assert seen.state == "up"
    seen = looking._without_engine(Seen("up"), None, REQUEST, lambda _: bad, "Docker does not answer")
    assert (seen.state, "refused" in seen.reason, "Docker" in seen.reason) == ("down", True, True)
    seen = looking._without_engine(Seen("up"), None, None, lambda _: good, "Docker does not answer")
    assert (seen.state, seen.reason) == ("unknown", "Docker does not answer")


TRACE = ["Traceback (most recent call last):", '  File "x.py", line 1, in x', "ValueError: no"]


def stamped(*lines: str) -> list[tuple[str, str]]:
    return [(f"2026-11-20T12:00:0{place}.000000000Z", line) for place, line in enumerate(lines)]


def test_a_traceback_that_is_still_being_written_is_kept_back_once() -> None:
    begun = stamped("INFO a", "INFO b", *TRACE[:2])
    assert log_lines.whole(begun, "") == 2
    assert log_lines.whole(begun[2:], begun[-1][0]) == 2, "nothing came since: judged as it is"
    assert log_lines.whole(stamped(*TRACE, "INFO c"), "") == 3
    assert log_lines.whole([], "") == 0


def test_lines_of_one_moment_are_not_torn_apart() -> None:
    same = [("2026-11-20T12:00:00.000000000Z", line) for line in ("INFO a", "INFO b", "INFO c")]
    assert log_lines.whole(same, "") == 0
    assert log_lines.whole(same, same[-1][0]) == 3


def test_times_of_the_engine_compare_as_text() -> None:
    assert log_lines._stamped("2026-11-20T12:00:00.5Z x y") == ("2026-11-20T12:00:00.500000000Z", "x y")
    assert log_lines._unix("2026-11-20T12:00:00.500000000Z") == "1795176000.500000000"
    assert log_lines._later("2026-11-20T12:00:00Z", "2026-11-20T12:00:00.1Z") == "2026-11-20T12:00:00.100000000Z"


@pytest.mark.parametrize(
    ("body", "path", "found"),
    [
        ('{"totals": {"energy_kwh": 0.5}}', "totals.energy_kwh", 0.5),
        ('{"last": [{"watts": 3}]}', "last[0].watts", 3.0),
        ('{"a": "0.5"}', "a", None),
        ('{"a": true}', "a", None),
        ("", "a", None),
        ('{"a": 1}', "a |", None),
    ],
)
def test_a_reading_is_a_number_or_nothing(body: str, path: str, found: float | None) -> None:
    assert reading.number(body, path) == found


def test_codecarbon_s_own_file_is_read_by_its_last_line() -> None:
    text = "timestamp,energy_consumed\n2026-11-20,0.1\n2026-11-21,0.25\n"
    assert reading.last_of(text, "energy_consumed") == 0.25
    assert reading.last_of(text, "emissions") is None
    assert reading.last_of("", "emissions") is None


@pytest.mark.parametrize("version", [1, 2])
def test_counters_come_from_the_container_s_own_group(tmp_path: Any, version: int) -> None:
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    (proc / "7").mkdir(parents=True)
    one = {"Id": "abc", "State": {"Pid": 7}}
    if version == 2:
        own = groups / "docker-abc.scope"
        own.mkdir(parents=True)
        (groups / "cgroup.controllers").touch()
        (proc / "7/cgroup").write_text("0::/docker-abc.scope\n")
        (own / "cpu.stat").write_text("usage_usec 5\nuser_usec 1\n")
        (own / "memory.current").write_text("5000\n")
        (own / "memory.stat").write_text("anon 1\ninactive_file 1000\n")
    else:
        for name in ("cpuacct", "memory"):
            (groups / name / "docker/abc").mkdir(parents=True)
        (proc / "7/cgroup").write_text("8:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n0::/\n")
        (groups / "cpuacct/docker/abc/cpuacct.usage").write_text("5000\n")
        (groups / "memory/docker/abc/memory.usage_in_bytes").write_text("5000\n")
        (groups / "memory/docker/abc/memory.stat").write_text("cache 1\ntotal_inactive_file 1000\n")
    assert usage.of_kernel(one, proc, groups) == usage.Counters(5000, 4000)
    assert usage.of_kernel({**one, "Id": "other"}, proc, groups) is None, "its number is another process's by now"
