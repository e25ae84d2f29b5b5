"""Jobs: what is one, when it is due, that it never runs twice or too long, and what starts it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import lock
from ansible_collections.tta.ops.plugins.module_utils.host.errors import UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.processes import Completed
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.windows import moment
from ansible_collections.tta.ops.plugins.module_utils.host.schedule import jobs, loop, mechanism, running, systemd
from ansible_collections.tta.ops.plugins.module_utils.host.schedule.jobs import Job

COOL = {"name": "cool", "argv": ["drain"], "every_s": 300, "timeout_s": 120}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("cool", "is no job"),
        ({**COOL, "name": "../x"}, "is no job"),
        ({**COOL, "argv": "drain"}, "wanted are the words after tta-ops"),
        ({**COOL, "argv": []}, "wanted are the words after tta-ops"),
        ({**COOL, "at": "04:00"}, "either every_s or at"),
        ({"name": "cool", "argv": ["drain"]}, "either every_s or at"),
        ({"name": "cool", "argv": ["drain"], "at": "24:00"}, "wanted is a time of day"),
        ({**COOL, "every_s": 5}, "from 10 to 604800"),
        ({**COOL, "every_s": True}, "wanted is a whole number"),
        ({**COOL, "timeout_s": 0}, "from 1 to 86400"),
        ({**COOL, "often": 1}, "has no often: known are"),
    ],
)
def test_what_makes_no_sense_is_refused(given: Any, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        jobs.parse(given)


def test_jobs_are_put_and_removed_and_nothing_changes_twice(tmp_path: Path) -> None:
    cool, other = jobs.parse(COOL), Job("look", ("status",), at="04:30")
    assert [jobs.put(tmp_path, [cool, other]), jobs.put(tmp_path, [other])] == [True, False]
    assert jobs.read(tmp_path) == {"cool": cool, "look": other}
    assert json.loads((tmp_path / "jobs.json").read_text())["jobs"][0] == COOL
    assert [jobs.remove(tmp_path, ["cool", "none"]), jobs.remove(tmp_path, ["cool"])] == [True, False]
    with pytest.raises(UsageError, match="there is no job 'cool': known are look"):
        jobs.named(tmp_path, "cool")


def test_it_is_due_once_a_turn_also_when_the_clock_goes_back() -> None:
    minute = Job("observe", ("observe",), every_s=60)
    assert minute.due(None, 0)
    assert not minute.due(60.0, 119.9)
    assert minute.due(119.9, 120.0)
    assert minute.due(3600.0, 100.0)
    daily = Job("daily", ("observe",), at="04:30")
    assert not daily.due(moment("2026-11-20T04:31:00Z"), moment("2026-11-21T04:29:59Z"))
    assert daily.due(moment("2026-11-20T04:31:00Z"), moment("2026-11-21T04:30:00Z"))
    assert daily.due(moment("2026-11-18T04:31:00Z"), moment("2026-11-21T12:00:00Z")), "caught up after a night off"


def test_a_daily_job_that_never_ran_waits_for_its_time(tmp_path: Path) -> None:
    jobs.put(tmp_path, [Job("daily", ("observe",), at="04:30"), Job("often", ("status",), every_s=60)])
    now = jobs.path(tmp_path).stat().st_mtime
    assert [job.name for job in jobs.read(tmp_path).values() if job.due(loop._began(tmp_path, job), now)] == ["often"]
    assert loop._began(tmp_path, jobs.named(tmp_path, "daily")) == now


def test_how_it_ended_is_written_down(tmp_path: Path) -> None:
    def main(argv: Sequence[str]) -> int:
        assert list(argv) == ["--json", "--state", str(tmp_path), "drain"]
        print(json.dumps({"progress": {}}))
        print(json.dumps({"result": {"message": "two were stopped"}}))
        return 1

    found = running.run(tmp_path, jobs.parse(COOL), main)
    assert (found["failed"], found["message"]) == (True, "cool: two were stopped")
    kept = running.last(tmp_path, "cool")
    assert (kept["code"], kept["message"]) == (1, "two were stopped")
    assert "failed 20" in running.line(running.listed(tmp_path, jobs.parse(COOL)))


def test_it_never_runs_twice_at_once(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    with lock.only_one(tmp_path / "jobs" / "cool.lock") as first:
        assert first
        found = running.run(tmp_path, jobs.parse(COOL), lambda _: pytest.fail("it ran"))
    assert found["message"] == "cool is running already"


def test_it_never_runs_longer_than_it_may(tmp_path: Path) -> None:
    def slow(_: Sequence[str]) -> int:
        time.sleep(30)
        return 0

    begun = time.monotonic()
    found = running.run(tmp_path, jobs.parse({**COOL, "timeout_s": 1}), slow)
    assert time.monotonic() - begun < 10
    assert (found["failed"], found["message"]) == (True, "cool: took longer than 1 s")


class Systemctl:
    """Takes down what systemctl is asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, argv: Sequence[str], *, deadline: float, cwd: str | None = None) -> Completed:
        self.asked.append(list(argv)[1:])
        return Completed(0, "", "")


def test_systemd_gets_a_timer_a_job_and_loses_those_that_are_gone(tmp_path: Path) -> None:
    root, units, control = tmp_path / "state", tmp_path / "units", Systemctl()
    units.mkdir()
    cool, daily = jobs.parse(COOL), Job("daily", ("observe",), at="04:30")
    assert systemd.apply(root, {"cool": cool, "daily": daily}, "/usr/local/bin/tta-ops", control, units)
    names = sorted(path.name for path in units.iterdir())
    assert [name.rpartition("-")[2] for name in names] == ["cool.service", "cool.timer", "daily.service", "daily.timer"]
    assert "OnCalendar=*-*-* *:0/5:05\n" in (units / names[1]).read_text()
    assert "OnCalendar=*-*-* 04:30:00 UTC\nPersistent=true" in (units / names[3]).read_text()
    assert f'--state "{root}" jobs --do run --job cool\n' in (units / names[0]).read_text()
    assert control.asked == [["daemon-reload"], ["enable", names[1], names[3]], ["restart", names[1], names[3]]]
    control.asked.clear()
    assert not systemd.apply(root, {"cool": cool, "daily": daily}, "/usr/local/bin/tta-ops", control, units)
    assert systemd.apply(root, {"cool": cool}, "/usr/local/bin/tta-ops", control, units)
    assert control.asked == [["disable", "--now", names[3]], ["daemon-reload"]]
    assert sorted(path.name for path in units.iterdir()) == names[:2]


def test_units_of_another_state_folder_are_left_alone(tmp_path: Path) -> None:
    units, control = tmp_path, Systemctl()
    for root in (Path("/srv/a"), Path("/srv/b")):
        systemd.apply(root, {"cool": jobs.parse(COOL)}, "/usr/local/bin/tta-ops", control, units)
    systemd.apply(Path("/srv/a"), {}, "/usr/local/bin/tta-ops", control, units)
    left = [path.read_text() for path in units.glob("*.service")]
    assert len(left) == 1
    assert "/srv/b" in left[0]


@pytest.mark.parametrize(
    ("every", "calendar"),
    [
        (60, "OnCalendar=*-*-* *:0/1:05"),
        (900, "OnCalendar=*-*-* *:0/15:05"),
        (21600, "OnCalendar=*-*-* 0/6:00:05 UTC"),
        (45, "OnActiveSec=1\nOnUnitActiveSec=45"),
    ],
)
def test_minutes_are_kept_by_the_calendar_so_that_none_is_missed(every: int, calendar: str) -> None:
    assert systemd.when(Job("x", ("status",), every_s=every)) == calendar


def test_cron_starts_what_is_due_as_long_as_there_are_jobs() -> None:
    text = mechanism.cron_text(Path("/srv/a"), "/usr/local/bin/tta-ops")
    assert text.splitlines()[-1].startswith("* * * * * root [ -e '/srv/a/jobs.json' ] && ")
    assert text.splitlines()[-1].endswith("'/usr/local/bin/tta-ops' --json --state '/srv/a' loop --once >/dev/null")


def test_the_loop_ends_with_the_last_job_and_runs_once(tmp_path: Path) -> None:
    assert loop.run(tmp_path) == "no jobs are left"
    handle = loop._take(tmp_path)
    assert handle is not None
    assert loop.run(tmp_path) == "the loop runs already"
    assert loop.once(tmp_path) == "nothing is due"


def test_the_next_version_of_the_program_takes_the_lock_over_without_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = loop._take(tmp_path)
    assert handle is not None
    monkeypatch.setenv(loop._HANDED_OVER, "")
    loop._hand_over(handle)
    assert os.get_inheritable(handle)
    assert loop._take(tmp_path) == handle
    assert not os.get_inheritable(handle)
    assert lock.is_held(loop.lock_path(tmp_path))
    os.close(handle)
    assert not lock.is_held(loop.lock_path(tmp_path))
